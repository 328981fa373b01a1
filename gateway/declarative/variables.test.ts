import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { readFiles } from './load.ts'

describe('a variable whose value is in a file', () => {
  let folder: string
  let config: string
  let value: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'variables-'))
    config = join(folder, 'kong.yaml')
    value = join(folder, 'value')
    await writeFile(config, `consumers: \${{ env "DECK_CONSUMERS" }}\n`)
  })
  afterEach(() => rm(folder, { recursive: true }))

  const read = async (env: Record<string, string>) => (await readFiles([config], env)) as { consumers: unknown }
  const fromFile = () => read({ DECK_CONSUMERS: '[]', DECK_CONSUMERS_FILE: value })

  it('is as the file says when the config is read, whatever it was before', async () => {
    for (const username of ['one', 'two']) {
      await writeFile(value, `[{"username":"${username}"}]\n`)
      expect((await fromFile()).consumers).to.deep.equal([{ username }])
    }
  })

  it('stops the reading where the file is absent', async () => {
    const failure = await fromFile().catch((error: Error) => error.message)
    expect(failure).to.include(value)
  })
})
