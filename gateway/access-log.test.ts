import { expect } from 'chai'
import { until } from '../dev/stack/until.ts'
import { createAccessLog } from './access-log.ts'
import type { Exchange } from './exchange.ts'
import { silent } from './proxy/rehearsal.ts'

function exchange(more: Partial<Exchange> = {}): Exchange {
  const request = { method: 'GET', target: '/members/somchai?secret=1', path: '/members/somchai', query: 'secret=1' }
  return {
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    id: 'a'.repeat(32),
    client: { ip: '10.1.2.3', port: 1 },
    request,
    match: undefined,
    consumer: undefined,
    response: { status: 404, source: 'exit' },
    tries: [],
    latency: { total: 3, gateway: 1, upstream: undefined },
    bytes: { received: 100, sent: 200 },
    ...more,
  } as unknown as Exchange
}

describe('the access log', () => {
  let written: string[]
  let fail: boolean

  function create() {
    written = []
    fail = false
    return createAccessLog({
      log: silent,
      write(text) {
        if (fail) return Promise.reject(new Error('no space left'))
        written.push(text)
        return Promise.resolve()
      },
    })
  }

  const entries = () =>
    written
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))

  it('says who asked what of whom, how it went and how long it took', async () => {
    const accessLog = create()
    accessLog.add(
      exchange({
        match: { route: { id: '1', name: 'members' }, service: { id: '2', name: null } } as Exchange['match'],
        consumer: { username: 'partner' } as Exchange['consumer'],
        response: { status: 200, source: 'service' } as Exchange['response'],
        latency: { total: 9, gateway: 1, upstream: 8 },
        tries: [{ ip: '10.0.0.1', port: 1, startedAt: 1, latency: 0 }],
      }),
    )
    await accessLog.close()
    expect(entries()).to.deep.equal([
      {
        time: '2026-01-02T03:04:05.000Z',
        requestId: 'a'.repeat(32),
        method: 'GET',
        route: 'members',
        service: '2',
        consumer: 'partner',
        status: 200,
        source: 'service',
        tries: 1,
        latency: { total: 9, gateway: 1, upstream: 8 },
        bytes: { received: 100, sent: 200 },
      },
    ])
  })

  it('tells neither path nor query nor address', async () => {
    const accessLog = create()
    accessLog.add(exchange())
    await accessLog.close()
    expect(written.join('')).not.to.match(/somchai|secret|10\.1\.2\.3/)
    expect(entries()[0]).to.include({ route: null, service: null, consumer: null, status: 404 })
  })

  it('writes many lines at once, and soon', async () => {
    const accessLog = create()
    for (let at = 0; at < 1000; at++) accessLog.add(exchange())
    expect(written).to.deep.equal([])
    await until(() => written.length > 0, { within: 2_000, what: 'the batch' })
    expect(entries()).to.have.length(1000)
    expect(written).to.have.length(1)
    accessLog.add(exchange())
    await accessLog.close()
    expect(entries()).to.have.length(1001)
  })

  it('goes on after a write that failed', async () => {
    const accessLog = create()
    fail = true
    accessLog.add(exchange())
    await accessLog.close()
    fail = false
    accessLog.add(exchange({ id: 'b' }))
    await accessLog.close()
    expect(entries().map(({ requestId }) => requestId)).to.deep.equal(['b'])
  })
})
