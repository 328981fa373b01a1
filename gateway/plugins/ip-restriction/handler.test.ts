import { expect } from 'chai'
import { onService, rehearse } from '../rehearsal.ts'

/** The rehearsal's client is 127.0.0.1. */
const restricted = (config: object) => rehearse(onService([{ name: 'ip-restriction', config }]))

describe('ip-restriction', () => {
  for (const [config, status] of [
    [{ allow: ['127.0.0.1'] }, 200],
    [{ allow: ['127.0.0.0/8', '::1'] }, 200],
    [{ allow: ['10.0.0.0/8', '2001:db8::/32'] }, 403],
    [{ allow: ['::/0'] }, 403],
    [{ deny: ['::/0'] }, 200],
    [{ allow: ['0.0.0.0/0'] }, 200],
    [{ deny: ['127.0.0.1'] }, 403],
    [{ deny: ['10.0.0.0/8'] }, 200],
    [{ allow: ['127.0.0.1'], deny: ['127.0.0.0/24'] }, 403],
    [{ allow: [], deny: ['10.1.1.1'] }, 200],
  ] as const)
    it(`answers ${status} under ${JSON.stringify(config)}`, async () => {
      expect((await restricted(config).send({ headers: { 'x-real-ip': '10.1.1.1' } })).status).to.equal(status)
    })

  it('says which address it refuses, or what it is told to say', async () => {
    const plain = await restricted({ deny: ['127.0.0.1'] }).send()
    expect(plain.json).to.have.property('message', 'IP address not allowed: 127.0.0.1')
    const own = await restricted({ deny: ['127.0.0.1'], status: 404, message: 'nothing here' }).send()
    expect(own.status).to.equal(404)
    expect(own.json).to.have.property('message', 'nothing here')
  })

  it('takes only addresses and networks', () => {
    for (const address of ['300.1.1.1', '10.0.0.0/33', 'shop.test'])
      expect(() => restricted({ allow: [address] })).to.throw(/invalid ip or cidr range/)
  })
})
