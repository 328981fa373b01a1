import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Change, changesBetween } from './changes.ts'
import type { Entities } from './entities.ts'
import type { Store } from './persistence/store.ts'
import type { Propagation } from './propagation.ts'

/** Gives what is to be in force instead, and what the caller wants to know of it. One that throws changes nothing. */
export type Edit<Result> = (entities: Entities) => { entities: Entities; result: Result }

/** The config in force, and the one way to change it. */
export interface ControlPlane {
  entities(): Entities
  /**
   * Resolves when what the edit gives is kept for the next start and every worker serves it; where edits come in great numbers,
   * when it is kept, and the workers serve it within a second. Edits take effect in the order of their calls; whatever goes
   * wrong, everything stays as it was. Rejects with Unservable where a worker cannot serve it.
   */
  change<Result>(edit: Edit<Result>): Promise<Result>
  /**
   * As `change`, for what is declared as a whole: what was kept for the next start is forgotten. `declaration` is the fingerprint
   * of what the next start will read, where that is something else now.
   */
  replace(entities: Entities, declaration?: string): Promise<void>
  /** Kong's `configuration_hash`: 32 hexadecimal digits. */
  configHash(): string
}

/** A config that is sound in itself and still cannot be served here: a vault reference leads nowhere. */
export class Unservable extends Error {
  readonly code = 'UNSERVABLE'
}

interface Job {
  edit: Edit<unknown>
  kept: boolean
  declaration: string | undefined
  resolve(result: unknown): void
  reject(reason: unknown): void
}

interface ControlPlaneOptions {
  propagation: Propagation
  initial: Entities
  declaration: string
  store: Pick<Store, 'save' | 'clear'>
}

/** Kong's hash of an empty config. */
const EMPTY_HASH = '0'.repeat(32)

export function createControlPlane({ propagation, initial, store, ...start }: ControlPlaneOptions): ControlPlane {
  let inForce = initial
  let declaration = start.declaration
  let hash: string | undefined
  let waiting: Job[] = []
  let working = false

  function enqueue(how: Pick<Job, 'edit' | 'kept' | 'declaration'>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      waiting.push({ ...how, resolve, reject })
      if (!working) void work()
    })
  }

  /** What comes at the same time, or while others are put in force, is put in force together. */
  async function work(): Promise<void> {
    working = true
    while (waiting.length > 0) {
      await nextTurn()
      const jobs = waiting
      waiting = []
      await carryOut(jobs)
    }
    working = false
  }

  async function carryOut(jobs: Job[]): Promise<void> {
    let next = inForce
    const edited: { job: Job; result: unknown }[] = []
    for (const job of jobs) {
      try {
        const { entities, result } = job.edit(next)
        next = entities
        edited.push({ job, result })
      } catch (error) {
        job.reject(error)
      }
    }
    const last = edited.at(-1)
    if (last === undefined) return
    try {
      const newest = edited.findLast(({ job }) => job.declaration !== undefined)?.job.declaration
      await putInForce(next, last.job.kept, newest ?? declaration)
      for (const { job, result } of edited) job.resolve(result)
    } catch (error) {
      // Which one it is that cannot be served shows when they are tried one by one.
      if (edited.length === 1) last.job.reject(error)
      else for (const { job } of edited) await carryOut([job])
    }
  }

  async function putInForce(next: Entities, kept: boolean, from: string): Promise<void> {
    if (next === inForce) return
    const changes = changesBetween(inForce, next)
    const waits = propagation.waits() || !kept || changes.some(mayBeRefused)
    try {
      if (waits) await apply(next)
      await (kept ? store.save({ declaration: from, entities: next, changes }) : store.clear())
    } catch (error) {
      // A worker that fails even at this has ended, and is replaced by one that begins with what is in force.
      if (waits) await propagation.apply(inForce).catch(() => undefined)
      throw error
    }
    if (!waits) propagation.follow(next)
    inForce = next
    declaration = from
    hash = undefined
  }

  const apply = (next: Entities) =>
    propagation.apply(next).catch((cause: Error) => {
      throw new Unservable(cause.message, { cause })
    })

  return {
    entities: () => inForce,
    change: <Result>(edit: Edit<Result>) => enqueue({ edit, kept: true, declaration: undefined }) as Promise<Result>,
    async replace(entities, declaration) {
      await enqueue({ edit: () => ({ entities, result: undefined }), kept: false, declaration })
    },
    configHash() {
      hash ??= hashOf(inForce)
      return hash
    },
  }
}

/** Whether a worker must say that it can serve this: it depends on its environment, or on what only TLS can make of a text. */
function mayBeRefused({ collection, put, gone }: Change): boolean {
  if (collection === 'vaults') return put.length + gone.length > 0
  if (collection === 'certificates' || collection === 'ca_certificates') return put.length > 0
  return put.some((entity) => JSON.stringify(entity).includes('{vault://'))
}

function hashOf(entities: Entities): string {
  const isEmpty = Object.values(entities).every((collection) => collection.length === 0)
  return isEmpty ? EMPTY_HASH : createHash('md5').update(JSON.stringify(entities)).digest('hex')
}
