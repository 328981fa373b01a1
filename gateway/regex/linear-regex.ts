import type { Assertion, Parsed } from './parse.ts'
import { compile, type Program, type Step } from './program.ts'

/** What the gateway uses of a RegExp. */
export type Regex = Pick<RegExp, 'exec' | 'test' | 'lastIndex'>

/** Where the groups of a match begin and end. */
type Slots = readonly number[]

/**
 * Follows all ways through a regex at once, in the order of their preference, so that a text costs its length and never more
 * (K. Thompson, "Regular Expression Search Algorithm", 1968; with captures as in R. Pike's editor sam).
 */
export class LinearRegex implements Regex {
  lastIndex = 0
  readonly #program: Program
  readonly #names: Record<string, number>
  readonly #flags: { sticky: boolean; unicode: boolean }
  readonly #lists: [Ways, Ways]

  constructor(parsed: Parsed, flags: { sticky: boolean; unicode: boolean }) {
    this.#program = compile(parsed)
    this.#names = parsed.names
    this.#flags = flags
    this.#lists = [new Ways(this.#program), new Ways(this.#program)]
  }

  test(text: string): boolean {
    return this.exec(text) !== null
  }

  exec(text: string): RegExpExecArray | null {
    const slots = this.#search(text)
    if (slots === undefined) return null
    const groups = Array.from({ length: slots.length / 2 }, (_, group) => {
      const [from = -1, to = -1] = slots.slice(2 * group, 2 * group + 2)
      return to < 0 ? undefined : text.slice(from, to)
    })
    const named = Object.entries(this.#names).map(([name, group]) => [name, groups[group]])
    return Object.assign(groups as [string], {
      index: slots[0] as number,
      input: text,
      groups: named.length > 0 ? Object.fromEntries(named) : undefined,
    })
  }

  #search(text: string): Slots | undefined {
    const { sticky, unicode } = this.#flags
    const begin = sticky ? this.lastIndex : 0
    const none = new Array<number>(this.#program.slots).fill(-1)
    let [ways, next] = this.#lists
    let found: Slots | undefined
    ways.clear()
    for (let at = begin; ; ) {
      if (found === undefined && (at === begin || !sticky)) ways.add(text, at, this.#program.start, none)
      if (ways.count === 0 && (found !== undefined || sticky)) return found
      next.clear()
      const code = unicode || at >= text.length ? text.codePointAt(at) : text.charCodeAt(at)
      const after = at + (code !== undefined && code > 0xffff ? 2 : 1)
      found = ways.follow(text, code, after, next) ?? found
      if (code === undefined) return found
      at = after
      ;[ways, next] = [next, ways]
    }
  }
}

/** The ways that a text can be read so far: the steps to try with the next character, the preferred first. */
class Ways {
  count = 0
  readonly #steps: Step[]
  readonly #at: Int32Array
  readonly #slots: Slots[] = []
  /** By step, in which round it was met last. */
  readonly #met: Uint32Array
  #round = 0

  constructor({ steps }: Program) {
    this.#steps = steps
    this.#at = new Int32Array(steps.length)
    this.#met = new Uint32Array(steps.length)
  }

  clear(): void {
    this.count = 0
    this.#round++
    if (this.#round <= 0xffff_ffff) return
    this.#met.fill(0)
    this.#round = 1
  }

  /** Goes on from a step to all those that wait for a character. */
  add(text: string, at: number, start: number, slots: Slots): void {
    const open: [step: number, slots: Slots][] = [[start, slots]]
    for (let way = open.pop(); way !== undefined; way = open.pop()) {
      const [index, marks] = way
      if (this.#met[index] === this.#round) continue
      this.#met[index] = this.#round
      const step = this.#steps[index] as Step
      if (step.type === 'either') open.push([step.second, marks], [step.first, marks])
      else if (step.type === 'mark') open.push([step.next, marks.with(step.slot, at)])
      else if (step.type === 'assertion') {
        if (assertions[step.holds](text, at)) open.push([step.next, marks])
      } else {
        this.#at[this.count] = index
        this.#slots[this.count++] = marks
      }
    }
  }

  /** Over a character, into the ways of what comes after it; gives the best match that ends before it. */
  follow(text: string, code: number | undefined, after: number, next: Ways): Slots | undefined {
    for (let way = 0; way < this.count; way++) {
      const step = this.#steps[this.#at[way] as number] as Step
      const slots = this.#slots[way] as Slots
      if (step.type === 'match') return slots
      if (step.type === 'character' && code !== undefined && step.set.has(code)) next.add(text, after, step.next, slots)
    }
    return undefined
  }
}

const isWord = (text: string, at: number) => /\w/.test(text.charAt(at))
const isLineEnd = (text: string, at: number) => /[\n\r\u2028\u2029]/.test(text.charAt(at))
const atBoundary = (text: string, at: number) => isWord(text, at - 1) !== isWord(text, at)

const assertions: Record<Assertion, (text: string, at: number) => boolean> = {
  start: (_, at) => at === 0,
  end: (text, at) => at === text.length,
  'line start': (text, at) => at === 0 || isLineEnd(text, at - 1),
  'line end': (text, at) => at === text.length || isLineEnd(text, at),
  'word boundary': atBoundary,
  'inside or outside of words': (text, at) => !atBoundary(text, at),
}
