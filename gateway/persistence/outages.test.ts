import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { stack } from '../../test/support/stack.ts'
import { validate } from '../declarative/validate.ts'
import type { Entities } from '../entities.ts'
import { createFileStore } from './file.ts'
import { createPostgresStore } from './postgres.ts'
import type { Edited, Store } from './store.ts'

const { entities } = validate({ _format_version: '3.0' }) as { entities: Entities }
const edited: Edited = { declaration: 'one', entities, changes: [] }
const failed = (work: Promise<unknown>) => work.then(() => undefined).catch((error: Error) => error)

describe('keeping what was changed, when that fails', function () {
  this.timeout(60_000)

  it('leaves nothing behind in the folder of a file that cannot be put in its place', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'kept-'))
    await mkdir(path.join(folder, 'state.json'))
    expect(await failed(createFileStore(path.join(folder, 'state.json')).save(edited))).to.be.an('error')
    expect(await readdir(folder)).to.deep.equal(['state.json'])
    await rm(folder, { recursive: true })
  })

  describe('in Postgres', () => {
    let url: URL
    let line: Line
    let warnings: string[]
    const stores: Store[] = []

    beforeEach(async () => {
      url = new URL(await (await stack('postgres')).postgres.createDatabase())
      line = await openLine({ host: url.hostname, port: Number(url.port) })
      warnings = []
    })
    afterEach(async () => {
      await line.close()
      await Promise.all(stores.splice(0).map((store) => store.close()))
    })

    async function opened(): Promise<Store> {
      const own = new URL(url)
      own.host = `127.0.0.1:${line.port}`
      const warn = (message: string) => warnings.push(message)
      const log = { debug: () => undefined, info: () => undefined, warn, error: () => undefined }
      const store = createPostgresStore({ url: own.href, log, patience: 300 })
      stores.push(store)
      await store.read()
      return store
    }

    it('is given up when Postgres says nothing any more, and goes on once it speaks again', async () => {
      const store = await opened()
      await store.save(edited)
      line.freeze()
      expect(await failed(store.save(edited))).to.be.an('error')
      expect(await store.isReachable()).to.equal(false)
      line.thaw()
      await store.save(edited)
      expect(await store.isReachable()).to.equal(true)
    })

    it('warns where another gateway keeps its config in the same place, as each replaces what the other has kept', async () => {
      const [first, second] = [await opened(), await opened()]
      for (const store of [first, second]) await store.save(edited)
      expect(warnings).to.deep.equal([])
      await first.save(edited)
      expect(warnings).to.have.length(1)
    })
  })
})

interface Line {
  port: number
  /** Nothing gets through any more, on connections old and new. */
  freeze(): void
  /** New connections get through. */
  thaw(): void
  close(): Promise<void>
}

/** A way to a server that can be made to hang. */
async function openLine(to: { host: string; port: number }): Promise<Line> {
  const sockets = new Set<Socket>()
  let frozen = false
  const server = createServer((client) => {
    const upstream = connect(to)
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => socket.destroy()))
    if (!frozen) client.pipe(upstream).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    freeze() {
      frozen = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    thaw() {
      frozen = false
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
