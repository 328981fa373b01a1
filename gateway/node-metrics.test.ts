import { expect } from 'chai'
import { createNodeMetrics } from './node-metrics.ts'
import { declared } from './rehearsal.ts'

describe("a node's metrics", () => {
  const figures = [1, 2].map((heapUsed) => ({
    heapUsed,
    timers: 2,
    traffic: { accepted: 0, active: 0, requests: 0, underWay: 0 },
  }))
  const told = (reachable: boolean) =>
    createNodeMetrics({
      workers: {
        metrics: () => Promise.resolve('of_workers 1\n'),
        figures: () => Promise.resolve(figures),
        health: { status: () => Promise.resolve([]), set: () => Promise.resolve() },
      },
      entities: () => declared({}),
      occupancy: () => ({ kong_db_cache: { used: 5, total: 9 } }),
      isStoreReachable: () => Promise.resolve(reachable),
      nodeId: 'n',
      version: '3.9.1',
    })()

  it("have the memory of each worker under Kong's name, whose dashboard shows it", async () => {
    const lines = (await told(true)).split('\n').filter((line) => line.startsWith('kong_memory_workers_lua_vms_bytes'))
    expect(lines).to.deep.equal(
      [1, 2].map(
        (at) => `kong_memory_workers_lua_vms_bytes{node_id="n",pid="${process.pid}.${at}",kong_subsystem="http"} ${at}`,
      ),
    )
  })

  it("have what is taken of the shared memory, and what there is, with the same labels: Kong's dashboard divides them", async () => {
    const lines = (await told(true)).split('\n').filter((line) => line.startsWith('kong_memory_lua_shared_dict'))
    const labels = '{node_id="n",shared_dict="kong_db_cache",kong_subsystem="http"}'
    expect(lines).to.deep.equal([
      `kong_memory_lua_shared_dict_bytes${labels} 5`,
      `kong_memory_lua_shared_dict_total_bytes${labels} 9`,
    ])
  })

  it('have the timers of all threads, of which none runs while the metrics are told', async () => {
    const text = await told(true)
    expect(text).to.include('# TYPE kong_nginx_timers gauge\n')
    expect(text).to.include('kong_nginx_timers{state="running"} 0\n')
    const [, pending] = /kong_nginx_timers\{state="pending"\} (\d+)\n/.exec(text) ?? []
    expect(Number(pending)).to.be.at.least(figures.length * 2)
  })

  it('say whether the database can be reached', async () => {
    expect(await told(true)).to.include('\nkong_datastore_reachable 1\n')
    expect(await told(false)).to.include('\nkong_datastore_reachable 0\n')
  })

  it('include those of the workers', async () => {
    expect(await told(true)).to.include('of_workers 1\n')
  })
})
