import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { freePort } from '../test/support/ports.ts'
import { beforeStackEnds, dir as testDir } from '../test/support/stack.ts'
import { platformEnvironment } from './environment.ts'
import { root } from './place.ts'
import { DEFAULT_PORTS } from './ports.ts'
import { livingProcess } from './stack/pid-file.ts'
import { query } from './stack/postgres.ts'
import { claim, remove } from './stack/run-dir.ts'

describe('npm start', function () {
  this.timeout(120_000)
  const dir = join(testDir, 'start')
  let ports: Record<string, string>

  before(async () => {
    claim(testDir)
    const names = Object.keys(DEFAULT_PORTS)
    ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])))
    beforeStackEnds(async () => remove(dir))
  })

  /** `ready` gives how long it took; it rejects with the screen when that never came. */
  function begin(...services: string[]) {
    const since = Date.now()
    const child = spawn(process.execPath, [join(root, 'dev/start.ts'), ...services], {
      env: { ...process.env, ...ports, LOCAL_DIR: dir },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let screen = ''
    const ended = once(child, 'close').then(([code]) => ({ code, screen }))
    const ready = new Promise<number>((resolve, reject) => {
      const show = (piece: Buffer) => {
        screen += piece
        if (screen.includes('Jade Palace is running')) resolve(Date.now() - since)
      }
      child.stdout.on('data', show)
      child.stderr.on('data', show)
      ended.then(() => reject(new Error(`npm start ended early:\n${screen}`)))
    })
    ready.catch(() => undefined) // a test that expects a refusal does not wait for it
    return { child, ended, ready }
  }

  const running = () => (existsSync(join(dir, 'run')) ? readdirSync(join(dir, 'run')) : [])

  it('runs everything, keeps all data over Ctrl-C, and is ready again within 15 s', async () => {
    const { DATABASE_URL } = platformEnvironment(dir, ports)
    const first = begin()
    await first.ready
    expect(running()).to.have.members(
      ['gateway', 'services', 'postgres', 'redis', 'kafka', 'mail'].map((name) => `${name}.pid`),
    )
    await query(DATABASE_URL, 'create table kept as select 42 as answer')
    first.child.kill('SIGINT')
    first.child.kill('SIGINT')
    expect((await first.ended).code).to.equal(0)
    expect(running()).to.deep.equal([])

    const second = begin()
    expect(await second.ready).to.be.below(15_000)
    expect(await query(DATABASE_URL, 'select answer from kept')).to.deep.equal([{ answer: 42 }])
    const third = await begin().ended
    expect([third.code, third.screen]).to.satisfy(
      ([code, screen]: [number, string]) =>
        code === 1 && screen.includes(`It is running already (pid ${second.child.pid})`),
    )
    second.child.kill('SIGTERM')
    expect((await second.ended).code).to.equal(0)
  })

  it('stops first what an earlier run that was killed has left running', async () => {
    const killed = begin('onboarder')
    await killed.ready
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(running()).not.to.deep.equal([])
    const next = begin('onboarder')
    await next.ready
    next.child.kill('SIGINT')
    expect((await next.ended).screen).to.include('Stopped what an earlier run left behind: gateway, services')
    expect(running()).to.deep.equal([])
  })

  it('stops everything and says which part it was when one ends by itself', async () => {
    const { ready, ended } = begin('onboarder')
    await ready
    process.kill(livingProcess(join(dir, 'run/redis.pid'))?.pid ?? 0, 'SIGKILL')
    const { code, screen } = await ended
    expect(code).to.equal(1)
    expect(screen).to.include('redis was ended by SIGKILL')
    expect(running()).to.deep.equal([])
  })

  it('starts nothing when a port is taken', async () => {
    const server = createServer().listen(Number(ports['USERS_PORT']), '127.0.0.1')
    await once(server, 'listening')
    const { code, screen } = await begin().ended
    server.close()
    expect(code).to.equal(1)
    expect(screen).to.include(`Port ${ports['USERS_PORT']} is taken by node`).and.include('USERS_PORT to another port')
    expect(screen).not.to.include('Postgres')
  })

  it('names the services there are when one is not', async () => {
    const child = spawn(process.execPath, [join(root, 'dev/start.ts'), 'user'], { stdio: ['ignore', 'ignore', 'pipe'] })
    const [text] = await once(child.stderr, 'data')
    expect(String(text)).to.include('no service user; there are auth, onboarder, users, notifier, cache-updater')
  })
})
