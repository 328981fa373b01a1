import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { until } from '../../../dev/stack/until.ts'
import { onService, type Rehearsal, rehearse } from '../rehearsal.ts'

describe('file-log', () => {
  let folder: string
  let rehearsal: Rehearsal

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'file-log-'))
  })
  afterEach(async () => {
    rehearsal.close()
    await rm(folder, { recursive: true })
  })

  const file = (name: string) => path.join(folder, name)
  const logging = (config: object = {}) => {
    rehearsal = rehearse(onService([{ name: 'file-log', config: { path: file('access.log'), ...config } }]))
  }
  async function lines(name: string, count: number): Promise<string[]> {
    let found: string[] = []
    const complete = async () => {
      found = (await readFile(file(name), 'utf8')).trimEnd().split('\n')
      return found.length === count
    }
    await until(complete, { within: 5_000, what: `${count} lines` })
    return found.map((line) => JSON.parse(line).request.uri)
  }

  it('writes a line a request, in their order', async () => {
    logging()
    const paths = Array.from({ length: 50 }, (_, at) => `/${at}`)
    for (const path of paths) await rehearsal.send({ path })
    expect(await lines('access.log', 50)).to.deep.equal(paths)
  })

  for (const reopen of [true, false])
    it(`${reopen ? 'follows the name' : 'stays with the file'} when that is moved and reopen is ${reopen}`, async () => {
      logging({ reopen })
      await rehearsal.send({ path: '/1' })
      await lines('access.log', 1)
      await rename(file('access.log'), file('access.log.1'))
      await rehearsal.send({ path: '/2' })
      if (reopen) expect(await lines('access.log', 1)).to.deep.equal(['/2'])
      else expect(await lines('access.log.1', 2)).to.deep.equal(['/1', '/2'])
    })
})
