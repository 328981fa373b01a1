import type { Knex } from 'knex'
import { HttpError, Unavailable } from '../../lib/errors.ts'
import { Advice, Away } from '../../lib/run-as-command.ts'
import type { Part } from '../../lib/service.ts'
import type { KeyChangeConfig } from '../config.ts'
import type { By } from '../queries/signing-keys.ts'
import { type KeyParts, keyParts } from './bring-in-line.ts'
import type { KeyFolder } from './key-folder.ts'
import { type KeyView, list } from './list.ts'
import { Refusal } from './refusal.ts'
import { retire } from './retire.ts'
import { rotate } from './rotate.ts'
import type { Standing } from './standing.ts'

/** What `npm run keys` does, asked of a running node: what stands in the way of it becomes an answer. */
export interface KeyManagement extends Part {
  list(): Promise<KeyView[]>
  rotate(asked: { from?: string; by: By }): Promise<unknown>
  /** Only keys whose last token has expired: to end tokens early is for the command. */
  retire(asked: { by: By }): Promise<Standing[]>
}

interface Options {
  db: Knex
  folder: KeyFolder
  /** None where this node is told of no Admin API. */
  config: KeyChangeConfig | undefined
}

export function createKeyManagement({ db, folder, config }: Options): KeyManagement {
  const stopping = new AbortController()

  async function change<Result>(work: (parts: KeyParts) => Promise<Result>): Promise<Result> {
    if (!config) throw notHere()
    try {
      return await work(keyParts(config, { db, folder, signal: stopping.signal }))
    } catch (error) {
      if (error instanceof Away || stopping.signal.aborted) throw new Unavailable('The gateway', error)
      throw error instanceof Advice ? refused(error) : error
    }
  }

  return {
    name: 'key management',
    list: () => list(folder),
    rotate: (asked) => change((parts) => rotate(parts, asked)),
    retire: (asked) => change((parts) => retire(parts, { ...asked, force: false })),
    // What it breaks off goes on where it was with the next call.
    drain: () => stopping.abort(),
  }
}

const notHere = () =>
  new HttpError(409, 'NO_ADMIN_API', 'auth is not told of the gateway’s Admin API: npm run keys changes the keys')

const refused = (advice: Advice) =>
  new HttpError(409, advice instanceof Refusal ? advice.code : 'GATEWAY_REFUSED', advice.message, { cause: advice })
