import { isIP } from 'node:net'
import type { Upstream } from '../entities.ts'
import type { Found } from './name-service.ts'
import { addressesOf, type Resolver } from './resolver.ts'
import { type Address, addressesAt, type BalancedTarget } from './target.ts'

/** The addresses of an upstream's targets as they are at the moment. */
export interface AddressBook {
  /** The same array as long as nothing changes; a promise only where a name has never been looked up. */
  read(): readonly Address[] | Promise<readonly Address[]>
}

interface Line {
  target: BalancedTarget
  /** Undefined before the first answer. */
  found: readonly Found[] | undefined
}

export function createAddressBook(
  upstream: Upstream,
  targets: readonly BalancedTarget[],
  resolver: Resolver,
): AddressBook {
  const lines: Line[] = targets.map((target) => ({ target, found: undefined }))
  const moving = lines.filter(({ target }) => isIP(target.host) === 0)
  let addresses: readonly Address[] = []
  for (const line of lines) if (!moving.includes(line)) line.found = [{ ip: line.target.host }]
  write()

  function write(): readonly Address[] {
    addresses = lines.flatMap(({ target, found }) => addressesAt(target, found ?? [], upstream))
    return addresses
  }

  /** Whether something is new. */
  function look(line: Line): boolean {
    const found = resolver.resolve(line.target.host)
    if (found instanceof Promise) {
      // Whoever asks next will see what comes of it; meanwhile what was known holds, be it nothing.
      found.catch(() => undefined)
      return false
    }
    if (found === line.found) return false
    line.found = found
    return true
  }

  async function begin(unknown: Line[]): Promise<readonly Address[]> {
    await Promise.all(
      unknown.map(async (line) => {
        line.found = await addressesOf(line.target.host, resolver)
      }),
    )
    return write()
  }

  return {
    read() {
      if (moving.length === 0) return addresses
      let changed = false
      for (const line of moving) changed = look(line) || changed
      const unknown = moving.filter(({ found }) => found === undefined)
      if (unknown.length > 0) return begin(unknown)
      return changed ? write() : addresses
    },
  }
}
