import { randomInt } from 'node:crypto'
import { isFree } from '../../dev/ports.ts'
import { PORTS, PORTS_VARIABLE } from '../../dev/run-tests.ts'

const [first = PORTS.first, last = PORTS.last] = process.env[PORTS_VARIABLE]?.split('-').map(Number) ?? []
const given = new Set<number>()

/** A port that nobody listens on and that has not been given before: whoever got it may not listen yet, or not at the moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(first, last + 1)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
}
