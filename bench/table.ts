import { cpus, totalmem } from 'node:os'

/** One line of a bench's table: what was measured, against what, and what it should be. */
export interface Row {
  what: string
  measured: string
  baseline?: string
  ratio?: number
  target: string
  met: boolean
}

/** Prints the table as Markdown, ready for RESULTS.md, under the machine and the day. */
export function printTable(title: string, rows: Row[]): void {
  const [cpu] = cpus()
  const machine = `${cpu?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
  console.log(`\n### ${title}\n\n${new Date().toISOString().slice(0, 10)}, ${machine}\n`)
  console.log('| what | measured | baseline | ratio | target | met |\n|---|---|---|---|---|---|')
  for (const { what, measured, baseline = '', ratio, target, met } of rows) {
    const shown = [what, measured, baseline, ratio === undefined ? '' : ratio.toFixed(2), target, met ? 'yes' : 'no']
    console.log(`| ${shown.join(' | ')} |`)
  }
}
