import { expect } from 'chai'
import { onService, rehearse } from '../rehearsal.ts'

const withLimit = (config: object) => rehearse(onService([{ name: 'request-size-limiting', config }]))
const ten = { allowed_payload_size: 10, size_unit: 'bytes' }
const post = (length: number, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body: 'x'.repeat(length),
  headers,
})

describe('request-size-limiting', () => {
  it('takes a body up to the limit and refuses a longer one', async () => {
    expect((await withLimit(ten).send(post(10))).status).to.equal(200)
    const { status, json } = await withLimit(ten).send(post(11))
    expect(status).to.equal(413)
    expect(json).to.have.property('message', 'Request size limit exceeded')
  })

  it('measures a chunked body, too', async () => {
    const chunked = { 'transfer-encoding': 'chunked' }
    expect((await withLimit(ten).send(post(10, chunked))).status).to.equal(200)
    expect((await withLimit(ten).send(post(11, chunked))).status).to.equal(413)
  })

  it('answers 417 to a client that waits for leave to send', async () => {
    expect((await withLimit(ten).send(post(11, { expect: '100-Continue' }))).status).to.equal(417)
  })

  it('reckons in units of 1024', async () => {
    const kilobytes = { allowed_payload_size: 1, size_unit: 'kilobytes' }
    expect((await withLimit(kilobytes).send(post(1024))).status).to.equal(200)
    expect((await withLimit(kilobytes).send(post(1025))).status).to.equal(413)
  })

  it('asks for a Content-Length when told to, unless the body is chunked', async () => {
    const rehearsal = withLimit({ ...ten, require_content_length: true })
    expect((await rehearsal.send()).status).to.equal(411)
    expect((await rehearsal.send(post(0))).status).to.equal(200)
    expect((await rehearsal.send(post(3, { 'transfer-encoding': 'chunked' }))).status).to.equal(200)
  })
})
