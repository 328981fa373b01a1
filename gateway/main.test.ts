import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { expect } from 'chai'
import { until } from '../dev/stack/until.ts'
import { OK, onRequest, startUpstream, talk } from './proxy/rehearsal.ts'
import { createMint } from './proxy/test-certificates.ts'

const main = path.join(import.meta.dirname, 'main.ts')

describe('the gateway as a process', () => {
  let folder: string
  let upstream: Awaited<ReturnType<typeof startUpstream>>
  let answerAfter: Promise<unknown>
  let processes: ChildProcess[]

  beforeEach(async () => {
    processes = []
    answerAfter = Promise.resolve()
    folder = await mkdtemp(path.join(tmpdir(), 'gateway-'))
    upstream = await startUpstream((socket) => onRequest(socket, () => void answerAfter.then(() => socket.write(OK))))
  })

  afterEach(async () => {
    for (const child of processes.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await upstream.stop()
    await rm(folder, { recursive: true })
  })

  const file = () => path.join(folder, 'kong.yaml')
  const route = (name: string) =>
    `services: [{ name: up, url: "http://127.0.0.1:${upstream.port}", routes: [{ name: ${name}, paths: [/${name}] }] }]`
  const declare = (text: string) => writeFile(file(), `_format_version: "3.0"\n${text}\n`)

  function run(...args: string[]) {
    const child = spawn(process.execPath, [main, '--config', file(), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    processes.push(child)
    const output = { text: '' }
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece) => {
        output.text += piece
      })
    return { child, output }
  }

  async function start(...args: string[]) {
    const { child, output } = run('--proxy', '127.0.0.1:0', '--admin', '127.0.0.1:0', ...args)
    await until(() => output.text.includes('the gateway serves'), {
      within: 15_000,
      what: `the start (${output.text})`,
    })
    const { proxy, proxyTls, admin } = JSON.parse(
      output.text.split('\n').find((line) => line.includes('the gateway serves')) as string,
    )
    return { child, output, proxy: proxy.port as number, tls: proxyTls?.port as number, admin: admin.port as number }
  }

  const get = async (port: number, target: string, fields = '') =>
    (await talk(port, `GET ${target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${fields}\r\n`)).slice(0, 12)

  it('serves its file with several workers, and reads it again on SIGHUP', async () => {
    await declare(route('first'))
    const { child, output, proxy } = await start('--workers', '2')
    expect(await get(proxy, '/first')).to.equal('HTTP/1.1 200')
    await declare(route('second'))
    child.kill('SIGHUP')
    await until(() => output.text.includes('read again'), { within: 5_000, what: 'the new config' })
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(proxy, '/second')))
    expect(new Set(answers)).to.deep.equal(new Set(['HTTP/1.1 200']))
    expect(await get(proxy, '/first')).to.equal('HTTP/1.1 404')
  })

  it('keeps what it serves when the file is bad, and says why', async () => {
    await declare(route('first'))
    const { child, output, proxy } = await start()
    await declare('services: [{ name: up, hosst: a }]')
    child.kill('SIGHUP')
    await until(() => output.text.includes('was not changed'), { within: 5_000, what: 'the refusal' })
    expect(output.text).to.include('hosst')
    expect(await get(proxy, '/first')).to.equal('HTTP/1.1 200')
  })

  it('fails no request while its config changes under load', async () => {
    await declare(route('first'))
    const { proxy, admin } = await start('--workers', '2')
    const config = {
      _format_version: '3.0',
      services: [
        { name: 'up', url: `http://127.0.0.1:${upstream.port}`, routes: [{ name: 'first', paths: ['/first'] }] },
      ],
    }
    let loading = true
    const statuses = new Set<string>()
    const clients = Array.from({ length: 8 }, async () => {
      while (loading) statuses.add(await get(proxy, '/first'))
    })
    for (let at = 0; at < 10; at++) {
      const change = { ...config, services: [...config.services, { name: `more-${at}`, url: 'http://127.0.0.1:9' }] }
      const answer = await fetch(`http://127.0.0.1:${admin}/config`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(change),
      })
      expect(answer.status).to.equal(201)
      await answer.text()
    }
    loading = false
    await Promise.all(clients)
    expect(statuses).to.deep.equal(new Set(['HTTP/1.1 200']))
  })

  it('finishes what is under way when it is told to stop, and exits with 0', async () => {
    await declare(route('first'))
    const { child, proxy } = await start()
    const answerNow = Promise.withResolvers<void>()
    answerAfter = answerNow.promise
    const answer = get(proxy, '/first')
    await until(() => upstream.connections() > 0, { within: 5_000, what: 'the request upstream' })
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await until(() => refused(proxy), { within: 5_000, what: 'the end of listening' })
    answerNow.resolve()
    expect(await answer).to.equal('HTTP/1.1 200')
    expect((await exited)[0]).to.equal(0)
  })

  it('serves TLS where it is told to, with a certificate that is declared', async () => {
    const mint = createMint()
    const { cert, key } = mint.mint('a.test')
    mint.remove()
    const certificates = JSON.stringify([{ cert, key, snis: [{ name: 'a.test' }] }])
    await declare(`${route('first')}\ncertificates: ${certificates}`)
    const { tls: port } = await start('--proxy-tls', '127.0.0.1:0', '--workers', '2')
    const socket = tls.connect({ host: '127.0.0.1', port, servername: 'a.test', ca: cert })
    socket.write('GET /first HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
    expect(await text(socket)).to.match(/^HTTP\/1\.1 200/)
  })

  it('believes the proxies that it is told to trust', async () => {
    await declare(`${route('first')}\nplugins: [{ name: ip-restriction, config: { deny: [192.0.2.1] } }]`)
    const { proxy } = await start('--trusted-ips', '127.0.0.0/8', '--real-ip-header', 'X-Client')
    expect(await get(proxy, '/first')).to.equal('HTTP/1.1 200')
    expect(await get(proxy, '/first', 'X-Client: 192.0.2.1\r\n')).to.equal('HTTP/1.1 403')
  })

  for (const target of ['file', 'stdout'])
    it(`logs every request of every worker, also those before its end (${target})`, async () => {
      await declare(route('first'))
      const log = target === 'file' ? path.join(folder, 'access.log') : target
      const { child, output, proxy } = await start('--workers', '2', '--access-log', log)
      await Promise.all(Array.from({ length: 50 }, (_, at) => get(proxy, `/${at % 2 ? 'first' : 'none'}?token=secret`)))
      child.kill('SIGTERM')
      await once(child, 'close')
      const written = target === 'file' ? await readFile(log, 'utf8') : output.text
      const entries = written
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      const statuses = entries.filter(({ requestId }) => requestId).map(({ status, route }) => `${status} ${route}`)
      expect(statuses.sort()).to.deep.equal([...Array(25).fill('200 first'), ...Array(25).fill('404 null')])
      expect(written).not.to.include('secret')
    })

  it('does not start where its access log cannot be written', async () => {
    await declare(route('first'))
    const { child, output } = run('--access-log', path.join(folder, 'no', 'such', 'folder'))
    expect((await once(child, 'exit'))[0]).to.equal(1)
    expect(output.text).to.match(/^gateway: the access log .* cannot be written: ENOENT.*\n$/)
  })

  for (const option of ['--proxy', '--admin'])
    it(`does not start on a taken port (${option}), and names it in one line`, async () => {
      await declare(route('first'))
      const other = option === '--proxy' ? '--admin' : '--proxy'
      const { child, output } = run(option, `127.0.0.1:${upstream.port}`, other, '127.0.0.1:0')
      const [code] = await once(child, 'exit')
      expect(code).to.equal(1)
      expect(output.text).to.match(new RegExp(`^gateway: port ${upstream.port} on 127\\.0\\.0\\.1 is taken.*\\n$`))
    })

  it('does not share its port with a second gateway', async () => {
    await declare(route('first'))
    const { proxy } = await start()
    const { child, output } = run('--proxy', `127.0.0.1:${proxy}`, '--admin', '127.0.0.1:0')
    expect((await once(child, 'exit'))[0]).to.equal(1)
    expect(output.text).to.include(`port ${proxy}`)
  })

  it('does not start with a bad file', async () => {
    await declare('services: [{ name: up }]')
    const { child, output } = run('--proxy', '127.0.0.1:0', '--admin', '127.0.0.1:0')
    expect((await once(child, 'exit'))[0]).to.equal(1)
    expect(output.text).to.match(/^gateway: .*host/s)
  })

  function refused(port: number): Promise<boolean> {
    const socket = net.connect(port, '127.0.0.1')
    return new Promise((resolve) => {
      socket
        .on('connect', () => resolve(false))
        .on('error', () => resolve(true))
        .on('connect', () => socket.destroy())
    })
  }
})
