import { randomInt } from 'node:crypto'
import { isFree } from '../../dev/ports.ts'

/**
 * A port that nobody listens on, from below the range that the system hands out to clients: it stays free
 * while its server is stopped in the middle of a test.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) return port
  }
}
