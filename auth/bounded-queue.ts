import { HttpError } from '../lib/errors.ts'

/** Runs at most `concurrency` works at once and lets `length` more wait in order; whoever comes beyond that is refused. */
export function boundedQueue({ concurrency, length }: { concurrency: number; length: number }) {
  const waiting: (() => void)[] = []
  let running = 0

  return async function run<T>(work: () => Promise<T>): Promise<T> {
    if (running < concurrency) running++
    else await turn()
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }

  /** Resolves when a finished work hands its place over. */
  function turn(): Promise<void> {
    if (waiting.length >= length) {
      throw new HttpError(503, 'BUSY', 'Too many requests at once, try again shortly', {
        headers: { 'Retry-After': '2' },
      })
    }
    return new Promise((resolve) => waiting.push(resolve))
  }
}
