import { setTimeout as delay } from 'node:timers/promises'
import type { EachBatchPayload, KafkaMessage } from 'kafkajs'
import { dueIn } from './parking.ts'
import type { ReaderOptions } from './reader.ts'

interface Options extends Pick<ReaderOptions, 'batchSize' | 'deliver'> {
  stopping: AbortSignal
}

/** kafkajs sends one only when its own interval has passed. */
const HEARTBEAT_CHECK_MS = 1_000
/** Under load messages gather this long before the next fetch, which costs less than a fetch and a transaction for each. */
const GATHER_MS = 20
/** The time in a message is a stranger's word: it holds its partition no longer than this before it is looked at again. */
const MAX_HOLD_MS = 600_000

/** Delivers what one fetch brought of a partition, in slices, and marks each slice as done once it has been delivered. */
export function createBatchReader({ batchSize, deliver, stopping }: Options) {
  const lags = new Map<string, number>()

  async function read({ batch, resolveOffset, heartbeat, pause, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const { topic, partition, highWatermark } = batch
    const wait = async (ms: number) => {
      await delay(ms, undefined, { signal: stopping })
      await heartbeat() // rejects when the group rebalances
    }
    let rest = batch.messages
    for (let [first] = rest; first && isRunning() && !isStale(); [first] = rest) {
      const hold = dueIn(first)
      if (hold > 0) return resumeIn(hold, pause())
      const messages = takeDue(rest, batchSize)
      try {
        await beating(heartbeat, deliver({ topic, messages, wait }))
      } catch (error) {
        if (stopping.aborted) return
        throw error
      }
      const last = messages.at(-1) ?? first
      rest = rest.slice(messages.length)
      resolveOffset(last.offset)
      lags.set(`${topic} ${partition}`, Number(BigInt(highWatermark) - BigInt(last.offset)) - 1)
      await heartbeat()
    }
    await delay(GATHER_MS, undefined, { signal: stopping }).catch(() => undefined)
  }

  return {
    read,
    lag: () => [...lags.values()].reduce((sum, lag) => sum + lag, 0),
    /** After a rebalance other partitions may be ours. */
    forget: () => lags.clear(),
  }
}

function resumeIn(ms: number, resume: () => void): void {
  setTimeout(resume, Math.min(ms, MAX_HOLD_MS)).unref()
}

/** The messages from the head on whose time has come, at most `limit`. */
function takeDue(messages: KafkaMessage[], limit: number): KafkaMessage[] {
  const now = Date.now()
  const end = messages.findIndex((message, index) => index === limit || dueIn(message, now) > 0)
  return end === -1 ? messages : messages.slice(0, end)
}

/** Keeps the membership while the work lasts. A heartbeat that fails in the meantime fails again for who awaits the next. */
async function beating(heartbeat: () => Promise<void>, work: Promise<void>): Promise<void> {
  const timer = setInterval(() => heartbeat().catch(() => undefined), HEARTBEAT_CHECK_MS)
  await work.finally(() => clearInterval(timer))
}
