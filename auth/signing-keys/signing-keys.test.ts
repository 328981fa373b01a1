import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import type { Log } from '../../lib/log.ts'
import { createKeyFolder, type KeyFolder } from './key-folder.ts'
import { newSigningKey } from './signing-key.ts'
import { createSigningKeys } from './signing-keys.ts'

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

describe('the signing keys of a running node', () => {
  let home: string
  let folder: KeyFolder

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'signing-keys-'))
    folder = createKeyFolder(join(home, 'keys'))
  })
  afterEach(() => rm(home, { recursive: true }))

  async function signed(at: number) {
    const key = { ...(await newSigningKey(new Date(at))), signingSince: new Date(at) }
    await folder.save(key)
    return key
  }
  const within = 5_000

  it('follow the folder: what a rotation switches to, and what it retires', async () => {
    const first = await signed(1_000)
    const keys = await createSigningKeys({ folder, log: silent })
    await keys.start?.()
    try {
      expect(keys.current().kid).to.equal(first.kid)
      const second = await signed(2_000)
      await until(() => keys.current().kid === second.kid, { within, what: 'the switch' })
      expect(keys.all().map(({ kid }) => kid)).to.have.members([first.kid, second.kid])
      await folder.remove(first.kid)
      await until(() => keys.all().length === 1, { within, what: 'the retirement' })
    } finally {
      await keys.stop?.()
    }
  })

  it('sign nothing when it is long ago that they could be read, and do again later', async () => {
    const { kid } = await signed(1_000)
    let now = 0
    const keys = await createSigningKeys({ folder, log: silent, now: () => now })
    await keys.start?.()
    try {
      await rename(folder.path, `${folder.path}-away`)
      now = 30_000
      expect(keys.current().kid).to.equal(kid)
      now = 30_001
      expect(() => keys.current()).to.throw('unavailable')
      await rename(`${folder.path}-away`, folder.path)
      await until(() => keys.current().kid === kid, { within, what: 'they can be read again' })
    } finally {
      await keys.stop?.()
    }
  })

  it('stop the start where there is none that signs, and say how to make one', async () => {
    await folder.save(await newSigningKey(new Date()))
    const reason = await createSigningKeys({ folder, log: silent }).catch((error: Error) => error.message)
    expect(reason).to.match(/^JWT_KEYS_DIR: .*npm run keys -- rotate/)
  })
})
