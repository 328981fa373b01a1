import { appendFile } from 'node:fs/promises'
import type { Exchange } from './exchange.ts'
import type { Log } from './plugin.ts'

/** One line of JSON for each request, written in batches. Neither query nor path, address or header: no personal data. */
export interface AccessLog {
  add(exchange: Exchange): void
  /** Resolves when everything has been written. */
  close(): Promise<void>
}

type Write = (text: string) => Promise<void>

/** How long a line may wait for others. */
const BATCH_TIME = 100
/** A disk that is slower than the traffic must not fill the memory: lines beyond this are lost, and counted. */
const WAITING_LIMIT = 100_000

export function createAccessLog({ write, log }: { write: Write; log: Log }): AccessLog {
  let lines: string[] = []
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  async function writeOut(): Promise<void> {
    const text = lines.join('')
    lines = []
    if (text !== '') await write(text).catch((cause) => log.error('the access log cannot be written', { cause }))
    if (lost > 0) log.warn('access log lines were lost', { lost })
    lost = 0
  }

  function flush(): Promise<void> {
    writing = writing.then(writeOut)
    return writing
  }

  return {
    add(exchange) {
      if (lines.length >= WAITING_LIMIT) {
        lost++
        return
      }
      lines.push(`${JSON.stringify(entryOf(exchange))}\n`)
      timer ??= setTimeout(() => {
        flush().finally(() => {
          timer = undefined
        })
      }, BATCH_TIME)
    },
    close() {
      clearTimeout(timer)
      return flush()
    },
  }
}

/** Where `--access-log` points. A file is opened for each batch, so that it may be moved away at any time. */
export function accessLogWriter(target: string): Write {
  if (target !== 'stdout') return (text) => appendFile(target, text)
  return (text) => new Promise((resolve) => process.stdout.write(text, () => resolve()))
}

/** Stops the start, rather than losing every line. */
export async function assertWritable(target: string): Promise<void> {
  try {
    await accessLogWriter(target)('')
  } catch (error) {
    throw new Error(`the access log ${target} cannot be written: ${(error as Error).message}`)
  }
}

function entryOf({ startedAt, id, request, match, consumer, response, tries, latency, bytes }: Exchange): object {
  return {
    time: new Date(startedAt).toISOString(),
    requestId: id,
    method: request.method,
    route: match ? (match.route.name ?? match.route.id) : null,
    service: match?.service ? (match.service.name ?? match.service.id) : null,
    consumer: consumer ? (consumer.username ?? consumer.id) : null,
    status: response.status,
    source: response.source,
    tries: tries.length,
    latency: { total: latency.total, gateway: latency.gateway, upstream: latency.upstream ?? null },
    bytes: { received: bytes.received, sent: bytes.sent },
  }
}
