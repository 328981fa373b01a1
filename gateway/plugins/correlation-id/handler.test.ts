import { expect } from 'chai'
import { onService, rehearse } from '../rehearsal.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const withId = (config: object) =>
  rehearse(onService([{ name: 'correlation-id', config: { header_name: 'X-Request-Id', ...config } }]))

describe('correlation-id', () => {
  it('gives each request an id and tells the upstream, and the client when asked to', async () => {
    const rehearsal = withId({ generator: 'uuid', echo_downstream: true })
    const first = await rehearsal.send()
    const second = await rehearsal.send()
    expect(first.upstream?.headers.get('x-request-id')).to.match(UUID)
    expect(first.headers.get('x-request-id')).to.equal(first.upstream?.headers.get('x-request-id'))
    expect(second.headers.get('x-request-id')).not.to.equal(first.headers.get('x-request-id'))
  })

  it("keeps the client's id, and replaces an empty one", async () => {
    const rehearsal = withId({ generator: 'uuid', echo_downstream: true })
    const kept = await rehearsal.send({ headers: { 'x-request-id': 'mine' } })
    expect(kept.headers.getAll('x-request-id')).to.deep.equal(['mine'])
    expect(kept.upstream?.headers.getAll('x-request-id')).to.deep.equal(['mine'])
    const empty = await rehearsal.send({ headers: { 'x-request-id': '' } })
    expect(empty.upstream?.headers.get('x-request-id')).to.match(UUID)
  })

  it('takes dashes for the underscores of its name, and answers with dashes', async () => {
    const rehearsal = withId({ header_name: 'X_Corr', generator: 'uuid', echo_downstream: true })
    const { headers, upstream } = await rehearsal.send({ headers: { 'x-corr': 'mine' } })
    expect(headers.get('x-corr')).to.equal('mine')
    expect(upstream?.headers.has('x_corr')).to.equal(false)
    expect((await rehearsal.send()).upstream?.headers.get('x_corr')).to.match(UUID)
  })

  it('takes underscores for the dashes of its name, as Kong 3.9.1 does, and sends them on as they came', async () => {
    const rehearsal = withId({ generator: 'uuid', echo_downstream: true })
    const { headers, upstream } = await rehearsal.send({ headers: { x_request_id: 'mine' } })
    expect(headers.get('x-request-id')).to.equal('mine')
    expect(upstream?.headers.has('x-request-id')).to.equal(false)
  })

  it("replaces the upstream's id in the answer", async () => {
    const rehearsal = withId({ generator: 'uuid', echo_downstream: true })
    const { headers, upstream } = await rehearsal.send({ reply: { headers: { 'x-request-id': 'theirs' } } })
    expect(headers.getAll('x-request-id')).to.deep.equal([upstream?.headers.get('x-request-id')])
  })

  it('counts by default and keeps the id from the client', async () => {
    const rehearsal = withId({})
    const ids = [await rehearsal.send(), await rehearsal.send()].map(({ upstream }) =>
      upstream?.headers.get('x-request-id'),
    )
    expect(ids[0]?.split('#')[1]).to.equal('1')
    expect(ids[1]).to.equal(ids[0]?.replace(/1$/, '2'))
    expect((await rehearsal.send()).headers.has('x-request-id')).to.equal(false)
  })

  it('writes a tracker of address, port, process, counts and time', async () => {
    const { upstream } = await withId({ generator: 'tracker' }).send()
    expect(upstream?.headers.get('x-request-id')).to.match(/^127\.0\.0\.1-\d+-\d+-\d+-\d+-\d+\.\d{3}$/)
  })

  it('is known to the access log as well', async () => {
    const { exchange } = await withId({}).send({ headers: { 'x-request-id': 'mine' } })
    expect(exchange.correlationId).to.equal('mine')
  })
})
