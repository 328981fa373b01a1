import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type DaemonOptions, startDaemon } from './daemon.ts'

describe('daemon', () => {
  let dir: string

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'daemon-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  const shell = (script: string, options: Partial<DaemonOptions> = {}) =>
    startDaemon({ name: 'it', dir, command: 'sh', args: ['-c', script], answers: async () => true, ...options })
  const failure = (attempt: Promise<unknown>) => attempt.then(String, (error: Error) => error.message)

  it('that ends before it answers fails the start with the end of its log', async () => {
    const start = shell('echo no such table; exit 3', { answers: async () => false })
    expect(await failure(start)).to.match(/^it exited with code 3\n--- .*it\.log\nno such table$/)
    expect(readdirSync(join(dir, 'run'))).to.deep.equal([])
  })

  it('that never answers is ended, and the failure says why it did not count', async () => {
    const answers = () => Promise.reject(new Error('users: not ready'))
    const start = shell('sleep 60', { answers, readyWithin: 300 })
    expect(await failure(start)).to.match(/^it answers: not within 0\.3 s: users: not ready/)
    expect(readdirSync(join(dir, 'run'))).to.deep.equal([])
  })

  it('that cannot be run fails the start with the reason', async () => {
    expect(await failure(shell('', { command: '/no/such/program', answers: async () => false }))).to.include('ENOENT')
  })

  it('that ignores its stop signal is killed', async () => {
    const deaf = `trap '' TERM; touch '${dir}/deaf'; while :; do sleep 0.02; done`
    const daemon = await shell(deaf, { stopWithin: 200, answers: async () => existsSync(join(dir, 'deaf')) })
    await daemon.stop()
    expect(await daemon.ended).to.equal('was ended by SIGKILL')
  })

  it('leads a process group of its own, so that Ctrl-C does not reach it', async () => {
    const daemon = await shell('sleep 60')
    expect(() => process.kill(-daemon.pid, 0)).not.to.throw()
    await daemon.stop()
  })
})
