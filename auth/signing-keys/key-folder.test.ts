import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { createKeyFolder, type KeyFolder } from './key-folder.ts'
import { newSigningKey } from './signing-key.ts'

describe('the folder of signing keys', () => {
  let parent: string
  let folder: KeyFolder

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'keys-'))
    folder = createKeyFolder(join(parent, 'keys'))
  })
  afterEach(() => rm(parent, { recursive: true }))

  const fileOf = (kid: string) => join(folder.path, `${kid}.jwk.json`)

  it('gives back what was put in, oldest first', async () => {
    const [older, newer] = [await newSigningKey(new Date(1_000)), await newSigningKey(new Date(2_000))]
    for (const key of [newer, older]) await folder.save({ ...key, signingSince: new Date(3_000) })
    const read = await folder.read()
    expect(read.map(({ kid }) => kid)).to.deep.equal([older.kid, newer.kid])
    expect(read[0]?.publicJwk).to.deep.equal(older.publicJwk)
    expect(read[0]?.signingSince).to.deep.equal(new Date(3_000))
    expect(read[0]?.privateKey.equals(older.privateKey)).to.equal(true)
  })

  it('is empty before the first key, and after the last', async () => {
    expect(await folder.read()).to.deep.equal([])
    const key = await newSigningKey(new Date())
    await folder.save(key)
    for (let times = 0; times < 2; times++) await folder.remove(key.kid)
    expect(await folder.read()).to.deep.equal([])
  })

  it('is for its owner alone, and holds no half-written file', async () => {
    const key = await newSigningKey(new Date())
    await folder.save(key)
    expect((await stat(folder.path)).mode & 0o777).to.equal(0o700)
    expect((await stat(fileOf(key.kid))).mode & 0o777).to.equal(0o600)
    expect(await readdir(folder.path)).to.deep.equal([`${key.kid}.jwk.json`])
  })

  it('refuses a key under the name of another', async () => {
    const [key, other] = [await newSigningKey(new Date()), await newSigningKey(new Date())]
    await folder.save(key)
    await rename(fileOf(key.kid), fileOf(other.kid))
    await refused(other.kid)
  })

  const jwk = (pair: ReturnType<typeof generateKeyPairSync>, half: 'publicKey' | 'privateKey') =>
    JSON.stringify({ ...pair[half].export({ format: 'jwk' }), created_at: new Date() })
  const wrong = {
    'another curve': jwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'privateKey'),
    'another kind': jwk(generateKeyPairSync('ed25519'), 'privateKey'),
    'a public key': jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'publicKey'),
    rubbish: 'a-secret that is no key',
  }
  for (const [name, text] of Object.entries(wrong))
    it(`refuses ${name}, and does not quote it`, async () => {
      const { kid } = await newSigningKey(new Date())
      await folder.save(await newSigningKey(new Date()))
      await writeFile(fileOf(kid), text)
      expect(await refused(kid)).to.not.include('secret')
      expect(await readFile(fileOf(kid), 'utf8')).to.equal(text)
    })

  async function refused(kid: string): Promise<string> {
    const error = await folder.read().then(
      () => new Error('nothing was refused'),
      (reason: Error) => reason,
    )
    expect(error.name).to.equal('ConfigError')
    expect(error.message)
      .to.match(/^JWT_KEYS_DIR: /)
      .and.to.include(kid)
    return JSON.stringify([error.message, error.cause])
  }
})
