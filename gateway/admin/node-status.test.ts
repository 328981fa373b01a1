import { expect } from 'chai'
import { type AdminRehearsal, rehearseAdmin } from './rehearsal.ts'

describe('/status', () => {
  let admin: AdminRehearsal

  beforeEach(async () => {
    admin = await rehearseAdmin({})
  })
  afterEach(() => admin.close())

  it("adds up the workers' connections and requests", async () => {
    expect((await admin.call('GET', '/status')).body.server).to.deep.equal({
      connections_active: 6,
      connections_reading: 0,
      connections_writing: 2,
      connections_waiting: 4,
      connections_accepted: 10,
      connections_handled: 10,
      total_requests: 18,
    })
  })

  it('tells the memory of each worker in the unit that is asked for', async () => {
    const heaps = async (query: string) => {
      const { memory } = (await admin.call('GET', `/status${query}`)).body
      return memory.workers_lua_vms.map((worker: { http_allocated_gc: unknown }) => worker.http_allocated_gc)
    }
    expect(await heaps('')).to.deep.equal(['1.00 MiB', '1.00 MiB'])
    expect(await heaps('?unit=K&scale=0')).to.deep.equal(['1024 KiB', '1024 KiB'])
    expect(await heaps('?unit=b')).to.deep.equal([2 ** 20, 2 ** 20])
  })

  it('refuses a unit or a scale that there is not', async () => {
    expect(await admin.call('GET', '/status?unit=x')).to.deep.equal({
      status: 400,
      body: { message: "invalid unit 'x' (expected 'k/K', 'm/M', or 'g/G')" },
    })
    expect((await admin.call('GET', '/status?scale=-1')).body.message).to.equal('scale must be equal or greater than 0')
  })

  it('says whether the database can be reached', async () => {
    expect((await admin.call('GET', '/status')).body.database).to.deep.equal({ reachable: true })
    admin.loseStore()
    expect((await admin.call('GET', '/status')).body.database).to.deep.equal({ reachable: false })
  })

  it('names every worker', async () => {
    expect((await admin.call('GET', '/')).body.pids.workers).to.have.length(2)
  })

  it('has no figures of DNS, as Kong without its newer client', async () => {
    expect((await admin.call('GET', '/status/dns')).status).to.equal(501)
  })
})
