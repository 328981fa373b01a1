import { expect } from 'chai'
import { NODE_ID, onService, rehearse } from '../rehearsal.ts'

const terminated = (config: object) => rehearse(onService([{ name: 'request-termination', config }]))

describe('request-termination', () => {
  it('answers with the status and its own or the usual message', async () => {
    const usual = await terminated({}).send({ headers: { accept: 'text/html' } })
    expect([usual.status, usual.json]).to.deep.equal([503, { message: 'Service unavailable' }])
    const own = await terminated({ status_code: 403, message: 'So "long"' }).send()
    expect([own.status, own.json]).to.deep.equal([403, { message: 'So "long"' }])
    expect((await terminated({ status_code: 200 }).send()).body).to.equal('')
  })

  it('sends a body as it is', async () => {
    const { body, headers } = await terminated({ status_code: 200, body: '<p>', content_type: 'text/html' }).send()
    expect(body).to.equal('<p>')
    expect(headers.get('content-type')).to.equal('text/html')
  })

  it('ends only requests that carry the trigger, as header or argument', async () => {
    const rehearsal = terminated({ status_code: 410, trigger: 'X-Stop' })
    expect((await rehearsal.send()).status).to.equal(200)
    expect((await rehearsal.send({ headers: { 'x-stop': '' } })).status).to.equal(410)
    expect((await rehearsal.send({ path: '/?X-Stop' })).status).to.equal(410)
    expect((await rehearsal.send({ path: '/?x-stop' })).status).to.equal(200)
  })

  it('mirrors the request and what it matched', async () => {
    const sent = {
      method: 'POST',
      path: '/a?b=1&c&b=2',
      headers: { 'content-type': 'application/json' },
      body: '{"x":1}',
    }
    const { json } = await terminated({ echo: true, message: 'mirror' }).send(sent)
    const { kong, request, matched_route, matched_service } = json as Record<string, Record<string, unknown>>
    expect(json).to.have.property('message', 'mirror')
    expect(kong).to.include({ node_id: NODE_ID })
    expect(request).to.deep.include({ method: 'POST', path: '/a', raw_body: '{"x":1}', body: { x: 1 } })
    expect(request?.query).to.deep.equal({ b: ['1', '2'], c: true })
    expect(matched_route).to.include({ name: 'r' })
    expect(matched_service).to.include({ name: 's' }).and.not.have.property('path')
  })

  it('shows the body of a request without one as empty, as Kong 3.9.1 does', async () => {
    const { json } = await terminated({ echo: true }).send()
    expect((json as { request: unknown }).request).to.have.property('raw_body', '')
  })

  it('refuses combinations that contradict each other', () => {
    for (const config of [{ message: 'a', body: 'b' }, { content_type: 'text/html' }, { echo: true, body: 'b' }])
      expect(() => terminated(config)).to.throw()
  })
})
