import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'
const FRAME_MS = 100
const A_WHILE_MS = 1_000

/** Runs a named piece of work and shows that it is under way, then how long it took. */
export type Step = <T>(name: string, work: () => Promise<T> | T) => Promise<T>

/** Steps may overlap. A terminal gets a line that moves; anything else a plain line as a step ends, and one before if it takes a while. */
export function createSteps(out: WriteStream): Step {
  const underWay = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined

  const print = (line: string) => out.write(`${out.isTTY ? '\r\x1b[K' : ''}${line}\n`)
  const draw = () => {
    const frame = FRAMES[Math.floor(Date.now() / FRAME_MS) % FRAMES.length]
    const steps = [...underWay].map(([name, since]) => `${name} ${seconds(since)}`).join(', ')
    out.write(`\r\x1b[K${frame} ${steps.slice(0, out.columns - 3)}`)
  }
  const begin = (name: string) => {
    underWay.set(name, Date.now())
    if (out.isTTY) timer ??= setInterval(draw, FRAME_MS)
    else setTimeout(() => underWay.has(name) && print(`… ${name}`), A_WHILE_MS).unref()
  }
  const end = (name: string, mark: string) => {
    print(`${mark} ${name} ${styleText('dim', seconds(underWay.get(name)))}`)
    underWay.delete(name)
    if (underWay.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  return async function step(name, work) {
    begin(name)
    try {
      const result = await work()
      end(name, styleText('green', '✓'))
      return result
    } catch (error) {
      end(name, styleText('red', '✗'))
      throw error
    }
  }
}

export const seconds = (since = Date.now()): string => `${((Date.now() - since) / 1000).toFixed(1)} s`
