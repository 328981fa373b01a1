import { expect } from 'chai'
import type { Answer } from './run-service.ts'
import { type Samples, sample, slowerTwice } from './timing.ts'

type Kinds = Record<keyof Samples, () => Promise<Answer<object>>>

/** Two kinds of request are answered alike in status, body and time. */
export async function expectAlike(kinds: Kinds, options: { lanes?: number } = {}): Promise<void> {
  const answers = new Set<string>()
  const noted = (ask: Kinds['one']) => async () => answers.add(told(await ask()))
  const both = { one: noted(kinds.one), other: noted(kinds.other) }
  expect(await slowerTwice(() => sample(both, options)), 'the one that takes longer').to.equal(undefined)
  expect([...answers]).to.have.lengthOf(1)
}

/** An answer without what no two of them share. */
const told = ({ status, body }: Answer<object>): string =>
  JSON.stringify([status, body], (field, value) => (['requestId', 'userID'].includes(field) ? '…' : value))
