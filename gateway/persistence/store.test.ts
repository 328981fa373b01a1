import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { stack } from '../../test/support/stack.ts'
import { type Change, changesBetween } from '../changes.ts'
import { validate } from '../declarative/validate.ts'
import type { Entities } from '../entities.ts'
import type { Log } from '../plugin.ts'
import { initialEntities } from './begin.ts'
import { createFileStore } from './file.ts'
import { createPostgresStore } from './postgres.ts'
import { type Edited, fingerprint, type Store } from './store.ts'

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

function entitiesOf(...services: string[]): Entities {
  const list = services.map((name) => ({ name, host: 'a.test', routes: [{ name: `${name}-route`, paths: ['/'] }] }))
  return validate({ _format_version: '3.0', services: list }).entities as Entities
}

const edited = (entities: Entities, changes: Change[] = []): Edited => ({ declaration: 'one', entities, changes })

interface Kind {
  open(place: string): Store
  place(): Promise<string>
}

describe('what is kept of the Admin API', function () {
  this.timeout(60_000)
  let folder: string

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kept-'))
  })
  after(() => rm(folder, { recursive: true }))

  const kinds: Record<string, Kind> = {
    'in a file': {
      open: createFileStore,
      place: () => Promise.resolve(path.join(folder, `${crypto.randomUUID()}.json`)),
    },
    'in Postgres': {
      open: (url) => createPostgresStore({ url, log: silent }),
      place: async () => (await stack('postgres')).postgres.createDatabase(),
    },
  }

  for (const [where, { open, place }] of Object.entries(kinds))
    describe(where, () => {
      const stores: Store[] = []
      const opened = (at: string) => {
        const store = open(at)
        stores.push(store)
        return store
      }
      const begin = (at: string, declaration: string) =>
        initialEntities({ declared: entitiesOf('declared'), declaration, store: opened(at), log: silent })
      const served = async (at: string, declaration: string) => (await begin(at, declaration)).services[0]?.name

      afterEach(() => Promise.all(stores.splice(0).map((store) => store.close())))

      it('is served by the next start on the same declaration', async () => {
        const at = await place()
        expect(await served(at, 'one')).to.equal('declared')
        const second = entitiesOf('second')
        for (const entities of [entitiesOf('first'), second]) await opened(at).save(edited(entities))
        expect(await begin(at, 'one')).to.deep.equal(second)
      })

      it('is what many changes have made of it, one after another', async () => {
        const at = await place()
        let now = await begin(at, 'one')
        const store = opened(at)
        for (const names of [['a'], ['a', 'b', 'c'], ['a', 'c', 'd'], ['c'], ['c', 'e', 'f', 'g', 'h']]) {
          const next = entitiesOf(...names)
          await store.save(edited(next, changesBetween(now, next)))
          now = next
        }
        expect(await begin(at, 'one')).to.deep.equal(now)
      })

      it('gives way to a declaration that has changed', async () => {
        const at = await place()
        await served(at, 'one')
        await opened(at).save(edited(entitiesOf('changed')))
        expect(await served(at, 'two')).to.equal('declared')
      })

      it('is gone once it was cleared', async () => {
        const at = await place()
        await served(at, 'one')
        await opened(at).save(edited(entitiesOf('changed')))
        await opened(at).clear()
        expect(await served(at, 'one')).to.equal('declared')
      })

      it('is not served when it is no sound config', async () => {
        const at = await place()
        await served(at, 'one')
        await opened(at).save(
          edited({ services: [{ id: crypto.randomUUID(), name: 'no host' }] } as unknown as Entities),
        )
        expect(await served(at, 'one')).to.equal('declared')
      })
    })

  it('lies in a file that only its owner can read', async () => {
    const file = path.join(folder, 'owner.json')
    const store = createFileStore(file)
    await store.save(edited(entitiesOf('a')))
    await store.close()
    expect((await stat(file)).mode & 0o777).to.equal(0o600)
  })

  it('is written behind what stands in the file, which is made anew when that has become too long', async () => {
    const file = path.join(folder, 'growing.json')
    const store = createFileStore(file)
    const first = entitiesOf('a', 'b', 'c')
    const second = entitiesOf('a', 'b', 'c', 'd')
    const changes = changesBetween(first, second)
    await store.save(edited(first))
    const { ino } = await stat(file)
    await store.save(edited(second, changes.slice(0, 1)))
    expect((await stat(file)).ino).to.equal(ino)
    for (let times = 0; times < 4; times++) await store.save(edited(second, changes))
    expect((await stat(file)).ino).to.not.equal(ino)
    await store.close()
  })

  it('is all that was reported as kept where a file ends in the middle of a line', async () => {
    const file = path.join(folder, 'torn.json')
    const store = createFileStore(file)
    const first = entitiesOf('a')
    const second = entitiesOf('a', 'b')
    await store.save(edited(first))
    await store.save(edited(second, changesBetween(first, second)))
    await store.close()
    await appendFile(file, '[{"collection":"services","put":[{"id":')
    expect((await createFileStore(file).read())?.entities).to.deep.equal(second)
  })

  it('stops the start when its file is damaged, and says which', async () => {
    const file = path.join(folder, 'damaged.json')
    await writeFile(file, '{"declaration":')
    const failure = await createFileStore(file)
      .read()
      .catch((error: Error) => error.message)
    expect(failure).to.include(file)
  })
})

describe('a fingerprint', () => {
  it('is the same for the same declaration alone', () => {
    expect(fingerprint({ services: [] })).to.equal(fingerprint({ services: [] }))
    expect(fingerprint({ services: [] })).to.not.equal(fingerprint({ routes: [] }))
  })
})
