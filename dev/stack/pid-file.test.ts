import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { livingProcess, stopProcesses, writePidFile } from './pid-file.ts'

describe('pid files', () => {
  let dir: string
  const children: ChildProcess[] = []

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'pids-'))
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(dir, { recursive: true })
  })

  /** A process that notes its end before it obeys. */
  async function begin(name: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<ChildProcess> {
    const short = signal.slice(3)
    const script = `trap 'echo ${name} >> "${dir}/ends"; exit' ${short}; echo up; while :; do sleep 0.02; done`
    const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(child)
    await once(child.stdout, 'data')
    writePidFile(join(dir, `${name}.pid`), child.pid ?? 0, signal)
    return child
  }

  it('end what still runs, each by its own signal, and what others stand on last', async () => {
    await begin('postgres', 'SIGINT')
    await begin('services')
    await begin('gateway')
    expect(await stopProcesses(dir)).to.deep.equal(['gateway', 'services', 'postgres'])
    expect(readFileSync(join(dir, 'ends'), 'utf8')).to.equal('gateway\nservices\npostgres\n')
    expect(readdirSync(dir)).to.deep.equal(['ends'])
  })

  it('never end another process that has got the same pid since', async () => {
    const child = await begin('redis')
    const file = join(dir, 'redis.pid')
    writeFileSync(file, JSON.stringify({ pid: child.pid, identity: 'of an earlier process', stopSignal: 'SIGTERM' }))
    expect(livingProcess(file)).to.equal(undefined)
    expect(await stopProcesses(dir)).to.deep.equal([])
    expect(child.exitCode).to.equal(null)
  })

  it('that were being written in a crash count as none', async () => {
    writeFileSync(join(dir, 'kafka.pid'), '{"pid": 12')
    expect(await stopProcesses(dir)).to.deep.equal([])
  })
})
