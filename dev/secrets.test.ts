import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { ensureSecrets } from './secrets.ts'

describe('secrets', () => {
  let dir: string

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'secrets-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  const mode = (file: string) => (statSync(join(dir, file)).mode & 0o777).toString(8)

  it('are readable by their owner alone', () => {
    ensureSecrets(dir)
    expect(mode('secrets.json')).to.equal('600')
  })

  it('are made once and then kept', () => {
    const first = ensureSecrets(dir)
    expect(ensureSecrets(dir)).to.deep.equal(first)
  })

  it('that are new are added, without a change to the others', () => {
    const { TOTP_KEY, ...older } = ensureSecrets(dir)
    writeFileSync(join(dir, 'secrets.json'), JSON.stringify(older))
    const { TOTP_KEY: added, ...kept } = ensureSecrets(dir)
    expect(kept).to.deep.equal(older)
    expect(added).not.to.equal(TOTP_KEY)
  })

  it('differ from one machine to the next and are as long as their ciphers ask', () => {
    const [one, other] = [ensureSecrets(dir), ensureSecrets(join(dir, 'other'))]
    for (const name of ['TOTP_KEY', 'THAI_ID_KEY', 'THAI_ID_HASH_KEY', 'CONFIRMATION_KEY'] as const) {
      expect(Buffer.from(one[name], 'base64')).to.have.length(32)
      expect(one[name]).not.to.equal(other[name])
    }
  })

  it('leave no half-written file behind', () => {
    ensureSecrets(dir)
    expect(readdirSync(dir)).to.deep.equal(['secrets.json'])
  })
})
