import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import type { Send } from './cases.ts'
import { type EchoUpstreams, startEchoUpstreams } from './echo-upstreams.ts'
import { exchange } from './exchange.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'

const observed = (file: string) => readFileSync(path.join(import.meta.dirname, 'observed', file), 'utf8')

interface Entry {
  request: { uri: string; headers: Record<string, string> }
}

/** The six requests whose traces were kept. */
const requests: Send[] = [
  { path: '/users/1?x=2', headers: { 'user-agent': 'probe/1', accept: '*/*' } },
  { path: '/partner/a', headers: { 'user-agent': 'probe/1', accept: '*/*', apikey: 'k1' } },
  { path: '/partner/a', headers: { 'user-agent': 'curl', accept: '*/*' } },
  { path: '/dead', headers: { 'user-agent': 'curl', accept: '*/*' } },
  { path: '/none', headers: { 'user-agent': 'curl', accept: '*/*' } },
  {
    method: 'POST',
    path: '/users/2?__status=503',
    headers: { 'user-agent': 'curl', accept: '*/*', 'content-type': 'application/json' },
    body: '{"a":1}',
  },
]

describe('what the gateway exports is what Kong 3.9 exports', function () {
  this.timeout(30_000)
  const entries: Entry[] = []
  let upstreams: EchoUpstreams
  let gateway: GatewayProcess
  let collector: Server

  before(async () => {
    upstreams = await startEchoUpstreams()
    gateway = await startGateway()
    collector = createServer(async (request, response) => {
      entries.push((await json(request)) as Entry)
      response.end()
    })
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    await load()
    for (const request of requests) await exchange(gateway.proxy, request)
    const logged = () => requests.every(({ path }) => entries.some(({ request }) => request.uri === path))
    await until(logged, { within: 10_000, what: 'the log entries' })
  })

  after(async () => {
    await gateway?.stop()
    await upstreams?.stop()
    collector?.closeAllConnections()
    collector?.close()
  })

  async function load(): Promise<void> {
    const ports = [...upstreams.ports, [19009, (collector.address() as AddressInfo).port]]
    const body = ports.reduce(
      (text, [known, real]) => text.replaceAll(String(known), String(real)),
      observed('config.json'),
    )
    const headers = { 'content-type': 'application/json' }
    const answer = await exchange(gateway.admin, { method: 'POST', path: '/config', headers, body })
    expect(answer.status, answer.body).to.equal(201)
    const served = async () => (await exchange(gateway.proxy, { path: '/users/0' })).status === 200
    await until(served, { within: 10_000, what: 'the config in force' })
    await until(() => entries.length > 0, { within: 10_000, what: 'the first log entry' })
    entries.length = 0
  }

  it('as metrics', async () => {
    const { body } = await exchange(gateway.admin, { path: '/metrics' })
    const back = [...upstreams.ports].reduce((text, [known, real]) => text.replaceAll(`:${real}`, `:${known}`), body)
    const [ours, kongs] = [seriesOf(back), seriesOf(observed('prometheus.txt'))]
    expect(kongs.filter((series) => !ours.includes(series))).to.deep.equal([])
    expect(ours).to.have.members(kongs)
  })

  it('as log entries', () => {
    const ours = requests.map(({ path, headers }) =>
      entries.find(({ request }) => request.uri === path && request.headers.apikey === headers?.apikey),
    )
    const kongs = JSON.parse(observed('http-log.json')) as unknown[]
    for (const [at, entry] of kongs.entries()) expect(comparable(ours[at])).to.deep.equal(comparable(entry))
  })
})

/** Of Lua and of nginx's own works. */
const impossible = /kong_memory_|kong_nginx_timers|kong_nginx_metric_errors_total/

/** The types of metrics, and every series by its name and labels, without its value and who measures. */
function seriesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# HELP') && !impossible.test(line))
    .map((line) => (line.startsWith('#') ? line : normalised(line)))
    .sort()
}

function normalised(line: string): string {
  const [, name, labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? []
  const known = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) =>
    label === 'node_id' ? label : `${label}=${value}`,
  )
  return `${name} ${known.sort().join(' ')}`
}

/** Facts stay as they are; of what differs from run to run only the kind is compared. */
const facts = new Set([
  'method',
  'uri',
  'querystring',
  'status',
  'source',
  'upstream_uri',
  'upstream_status',
  'state',
  'code',
  'workspace_name',
  'name',
  'tags',
  'client_ip',
])

/** The client's manners, and a field that nginx adds to its own answers when Kong has logged them. */
const incidental = new Set(['connection', 'date'])

function comparable(value: unknown, name = ''): unknown {
  if (facts.has(name)) return value
  if (Array.isArray(value)) return value.map((item) => comparable(item))
  if (typeof value !== 'object' || value === null) return typeof value
  const kept = Object.entries(value).filter(([key]) => !incidental.has(key))
  return Object.fromEntries(kept.map(([key, inner]) => [key, comparable(inner, key)]))
}
