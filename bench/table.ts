import { cpus, totalmem } from 'node:os'

/** One line of a bench's table: what was measured, against what, and what it should be if anybody asks. */
export interface Row {
  what: string
  measured: string
  baseline?: string
  ratio?: number
  target?: string
  met?: boolean
}

/** A rate beside its baseline's, and the share of it that is asked for. */
export const compare = (what: string, ours: number, theirs: number, target: number): Row => ({
  what,
  measured: ours.toFixed(ours < 1_000 ? 1 : 0),
  baseline: theirs.toFixed(theirs < 1_000 ? 1 : 0),
  ratio: ours / theirs,
  target: `≥ ${target} ×`,
  met: ours / theirs >= target,
})

/** Prints the table as Markdown, ready for RESULTS.md, under the machine and the day. */
export function printTable(title: string, rows: Row[], remark?: string): void {
  const [cpu] = cpus()
  const machine = `${cpu?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
  console.log(`\n### ${title}\n\n${new Date().toISOString().slice(0, 10)}, ${machine}\n${remark ? `${remark}\n` : ''}`)
  console.log('| what | measured | baseline | ratio | target | met |\n|---|---|---|---|---|---|')
  for (const row of rows) console.log(line(row))
}

export function line({ what, measured, baseline = '', ratio, target = '', met }: Row): string {
  const verdict = met === undefined ? '' : met ? 'yes' : 'no'
  return `| ${[what, measured, baseline, ratio === undefined ? '' : ratio.toFixed(2), target, verdict].join(' | ')} |`
}
