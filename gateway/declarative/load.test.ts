import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import type { Environment } from './deck-template.ts'
import { loadFiles } from './load.ts'

describe('a decK file', () => {
  let directory: string
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'deck-file-'))
  })
  after(() => rm(directory, { recursive: true }))

  async function load(text: string, env: Environment = {}) {
    const file = path.join(directory, 'kong.yaml')
    await writeFile(file, text)
    return loadFiles([file], env)
  }

  const refusal = (text: string, env?: Environment): Promise<string> =>
    load(text, env).then(
      () => 'accepted',
      (error: Error) => error.message,
    )

  it('takes variables as text before it is read, so that quotes decide what is text', async () => {
    const text = `_format_version: "3.0"
services:
  - { name: s, host: "\${{ env "DECK_HOST" }}", port: \${{ env "DECK_PORT" }}, tags: ["\${{ env "DECK_PORT" }}"] }`
    const { services } = await load(text, { DECK_HOST: 'a.test', DECK_PORT: '8081' })
    expect(services[0]).to.deep.include({ host: 'a.test', port: 8081, tags: ['8081'] })
  })

  it('indents the lines of a value', async () => {
    const text = `_format_version: "3.0"
consumers:
  - username: c
    jwt_secrets:
      - key: k
        secret: |
          \${{ env "DECK_SECRET" | indent 10 }}`
    const { jwt_secrets } = await load(text, { DECK_SECRET: 'one\ntwo' })
    expect(jwt_secrets[0]?.secret.trim()).to.equal('one\ntwo')
  })

  it('names a variable that is missing', async () => {
    expect(await refusal('x: $' + '{{ env "DECK_NOWHERE" }}')).to.include('DECK_NOWHERE')
  })

  it('uses no variable but those for it', async () => {
    expect(await refusal('x: $' + '{{ env "HOME" }}', { HOME: '/root' })).to.include('DECK_')
  })

  it('refuses an expression that it does not know', async () => {
    expect(await refusal('x: $' + '{{ exec "ls" }}')).to.include('exec "ls"')
  })

  it('gives select_tags to every entity, and defaults to those that leave a field open', async () => {
    const { services, routes } = await load(`
_format_version: "3.0"
_info: { select_tags: [shop], defaults: { service: { retries: 1 }, route: { strip_path: false } } }
services:
  - { name: a, host: a.test, tags: [own], routes: [{ name: r, paths: [/r] }] }
  - { name: b, host: b.test, retries: 2 }`)
    expect(services.map(({ tags, retries }) => ({ tags, retries }))).to.deep.equal([
      { tags: ['own', 'shop'], retries: 1 },
      { tags: ['shop'], retries: 2 },
    ])
    expect(routes[0]).to.deep.include({ tags: ['shop'], strip_path: false })
  })

  it('may refer to a service by a table with its name', async () => {
    const { services, routes } = await load(`
_format_version: "3.0"
services: [{ name: a, host: a.test }]
routes: [{ name: r, paths: [/r], service: { name: a } }]`)
    expect(routes[0]?.service?.id).to.equal(services[0]?.id)
  })

  it('is refused as a whole, and says where and why', async () => {
    const message = await refusal(`
_format_version: "3.0"
services:
  - { name: shop, host: a.test, routes: [{ name: cart, path: /cart, plugins: [{ name: no-such }] }] }`)
    expect(message).to.include('services[1] (shop) routes[1] (cart) path: unknown field')
    expect(message).to.include("plugin 'no-such' not enabled")
  })

  describe('beside another', () => {
    async function loadAll(...texts: string[]): Promise<string> {
      const files = texts.map((_, at) => path.join(directory, `${at}.yaml`))
      await Promise.all(texts.map((text, at) => writeFile(files[at] as string, text)))
      return loadFiles(files, {}).then(
        ({ services }) => services.map(({ name }) => name).join(),
        (error: Error) => error.message,
      )
    }
    const one = '_format_version: "3.0"\nservices: [{ name: a, host: a.test }]'

    it('adds to its collections, also where it leaves one open', async () => {
      expect(await loadAll(one, 'services: [{ name: b, host: b.test }]', 'services:')).to.equal('a,b')
    })

    it('is refused where it is no map, or gives no list', async () => {
      for (const wrong of ['- services', 'text', 'services: text'])
        for (const files of [
          [one, wrong],
          [wrong, one],
        ])
          expect(await loadAll(...files), files.join(' | ')).to.match(/expected an (object|array)/)
    })
  })

  it('shows nothing of what it cannot read, which may be a secret', async () => {
    const text = '_format_version: "3.0"\nconsumers: [{ username: c, keyauth_credentials: [{ key: SECRET: SECRET }] }]'
    expect(await refusal(text)).to.match(/line 2, column \d+: /)
    expect(await refusal(text)).not.to.include('SECRET')
  })
})
