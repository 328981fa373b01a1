import type { CharacterSet } from './character-set.ts'
import type { Assertion, Node, Parsed } from './parse.ts'

/** Where a step may go on to several places, the first is preferred. */
export type Step =
  | { type: 'character'; set: CharacterSet; next: number }
  | { type: 'assertion'; holds: Assertion; next: number }
  | { type: 'mark'; slot: number; next: number }
  | { type: 'either'; first: number; second: number }
  | { type: 'match' }

/** The steps are written from the last to the first, so that each knows where it goes on; the text begins at `start`. */
export interface Program {
  steps: Step[]
  start: number
  /** Two for every group and for what has matched as a whole: where it begins and ends. */
  slots: number
}

/** Matching takes time in proportion to steps times text. */
const MOST_STEPS = 10_000

/** Throws SyntaxError where a regex repeats itself too often. */
export function compile({ root, captures }: Parsed): Program {
  const steps: Step[] = []

  function add(step: Step): number {
    if (steps.length >= MOST_STEPS) throw new SyntaxError('compiled regex exceeds size limit')
    return steps.push(step) - 1
  }

  function write(node: Node, next: number): number {
    switch (node.type) {
      case 'character':
        return add({ type: 'character', set: node.set, next })
      case 'assertion':
        return add({ type: 'assertion', holds: node.holds, next })
      case 'sequence':
        return node.items.reduceRight((after, item) => write(item, after), next)
      case 'alternatives':
        return node.items.map((item) => write(item, next)).reduceRight((second, first) => either(first, second))
      case 'repeat':
        return repeat(node, next)
      case 'capture':
        return marked(node.item, node.index, next)
    }
  }

  function marked(item: Node, group: number, next: number): number {
    const end = add({ type: 'mark', slot: 2 * group + 1, next })
    return add({ type: 'mark', slot: 2 * group, next: write(item, end) })
  }

  function repeat({ item, min, max, greedy }: Extract<Node, { type: 'repeat' }>, next: number): number {
    let at = next
    if (max === Number.POSITIVE_INFINITY) at = loop(item, greedy, next)
    else for (let count = min; count < max; count++) at = choice(greedy, write(item, at), next)
    for (let count = 0; count < min; count++) at = write(item, at)
    return at
  }

  function loop(item: Node, greedy: boolean, next: number): number {
    const at = either(next, next)
    steps[at] = choiceStep(greedy, write(item, at), next)
    return at
  }

  const either = (first: number, second: number) => add({ type: 'either', first, second })
  const choice = (greedy: boolean, again: number, next: number) => add(choiceStep(greedy, again, next))

  const start = marked(root, 0, add({ type: 'match' }))
  return { steps, start, slots: 2 * (captures + 1) }
}

function choiceStep(greedy: boolean, again: number, next: number): Step {
  return greedy ? { type: 'either', first: again, second: next } : { type: 'either', first: next, second: again }
}
