import { expect } from 'chai'
import { Pool } from 'undici'
import { type GatewayProcess, startGateway } from '../../../test/conformance/gateway-process.ts'
import { OK, onRequest, startUpstream } from '../../proxy/rehearsal.ts'
import { type RedisServer, startRedis } from '../redis-server.ts'

const LIMIT = 5_000
const REQUESTS = 20_000
const CONNECTIONS = 200

describe('group-quota on two nodes that share Redis', function () {
  this.timeout(60_000)
  let redis: RedisServer
  let nodes: GatewayProcess[]
  let upstream: Awaited<ReturnType<typeof startUpstream>>
  let arrived = 0

  before(async () => {
    upstream = await startUpstream((socket) =>
      onRequest(socket, () => {
        arrived++
        socket.write(OK)
      }),
    )
    redis = await startRedis()
    nodes = await Promise.all([startGateway(), startGateway()])
    await Promise.all(nodes.map(({ admin }) => declare(admin.port)))
  })

  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await redis.stop()
    await upstream.stop()
  })

  async function declare(adminPort: number): Promise<void> {
    const groups = { partner: { year: LIMIT } }
    const config = { groups, fault_tolerant: false, redis: { host: '127.0.0.1', port: redis.port } }
    const document = {
      _format_version: '3.0',
      services: [
        {
          name: 's',
          url: `http://127.0.0.1:${upstream.port}`,
          routes: [{ name: 'r', paths: ['/'] }],
          plugins: [{ name: 'key-auth' }, { name: 'group-quota', config }],
        },
      ],
      // The same id on both nodes, as it is where they share a database.
      consumers: [
        {
          id: '6f0a4c62-4f3c-4c57-9c3c-0d2f1c6a7b11',
          username: 'acme',
          keyauth_credentials: [{ key: 'k' }],
          acls: [{ group: 'partner' }],
        },
      ],
    }
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify(document)
    const answer = await fetch(`http://127.0.0.1:${adminPort}/config`, { method: 'POST', headers, body })
    expect(answer.status, await answer.text()).to.equal(201)
  }

  it(`lets exactly ${LIMIT} of ${REQUESTS} concurrent requests through`, async () => {
    const pools = nodes.map(
      ({ proxy }) => new Pool(`http://${proxy.host}:${proxy.port}`, { connections: CONNECTIONS, pipelining: 4 }),
    )
    const seen = { passed: 0, refused: 0 }
    const send = async (at: number) => {
      const pool = pools[at % pools.length] as Pool
      const { statusCode, body } = await pool.request({ method: 'GET', path: '/', headers: { apikey: 'k' } })
      await body.dump()
      if (statusCode === 200) seen.passed++
      if (statusCode === 429) seen.refused++
    }
    await Promise.all(Array.from({ length: REQUESTS }, (_, at) => send(at)))
    await Promise.all(pools.map((pool) => pool.close()))
    expect(seen).to.deep.equal({ passed: LIMIT, refused: REQUESTS - LIMIT })
    expect(arrived).to.equal(LIMIT)
  })
})
