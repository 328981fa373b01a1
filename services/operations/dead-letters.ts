import { type DeadLetter, readDeadLetters, remove, replay } from '../../lib/bus/dead-letters.ts'
import type { Kafka } from '../../lib/bus/kafka.ts'
import type { Publisher } from '../../lib/bus/publisher.ts'
import { HttpError } from '../../lib/errors.ts'
import { oneByOne, shared } from './in-flight.ts'

export type DeadLetters = ReturnType<typeof createDeadLetters>

/** Of each topic, the oldest first: those behind them come into view as these are settled. */
const LIMITS = { atMost: 100, limitMs: 10_000 }

/** Where it lies, written as Kafka names partitions. An offset is never given to another message: an id names one letter for good. */
export const idOf = ({ topic, partition, offset }: DeadLetter): string => `${topic}-${partition}-${offset}`

const topicIn = (id: string): string => id.replace(/-\d+-\d+$/, '')

/** Dead letters one by one: found by their ids, and settled in turn, since to remove one moves those before it. */
export function createDeadLetters({ kafka, publisher }: { kafka: Kafka; publisher: Publisher }) {
  const inTurn = oneByOne()

  async function find(id: string) {
    const all = await readDeadLetters(kafka, { topic: topicIn(id), ...LIMITS })
    const letter = all.find((one) => idOf(one) === id)
    if (!letter) throw new HttpError(404, 'NOT_FOUND', 'Dead letter not found')
    return { letter, all }
  }

  return {
    /** Of one topic, or of all. */
    list: shared((topic: string | undefined) => readDeadLetters(kafka, { topic, ...LIMITS })),
    find: async (id: string): Promise<DeadLetter> => (await find(id)).letter,
    /** Sends the letter back to the group that failed, if asked to, and takes it out. `before` is done first, or nothing is. */
    settle: (id: string, { again, before }: { again: boolean; before(letter: DeadLetter): Promise<unknown> }) =>
      inTurn(async () => {
        const { letter, all } = await find(id)
        await before(letter)
        if (again) await replay([letter], publisher)
        await remove([letter], { all, kafka, publisher })
      }),
  }
}
