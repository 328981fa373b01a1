import { expect } from 'chai'
import { onService, rehearse } from '../rehearsal.ts'

const consumers = [
  { username: 'gold', keyauth_credentials: [{ key: 'gold' }], acls: [{ group: 'gold' }, { group: 'eu' }] },
  { username: 'banned', keyauth_credentials: [{ key: 'banned' }], acls: [{ group: 'gold' }, { group: 'banned' }] },
  { username: 'plain', keyauth_credentials: [{ key: 'plain' }] },
  { username: 'guest', acls: [{ group: 'public' }] },
]
const withAcl = (config: object, keyAuth: object = {}) =>
  rehearse(
    onService(
      [
        { name: 'key-auth', config: keyAuth },
        { name: 'acl', config },
      ],
      { consumers },
    ),
  )
const by = (apikey: string) => ({ headers: { apikey } })

describe('acl', () => {
  it('admits members of an allowed group and tells the upstream all their groups', async () => {
    const { upstream } = await withAcl({ allow: ['gold'] }).send(by('gold'))
    expect(upstream?.headers.get('x-consumer-groups')?.split(', ').sort()).to.deep.equal(['eu', 'gold'])
  })

  it('refuses everybody else', async () => {
    const rehearsal = withAcl({ allow: ['silver'] })
    for (const key of ['gold', 'plain']) {
      const { status, json } = await rehearsal.send(by(key))
      expect(status).to.equal(403)
      expect(json).to.have.property('message', 'You cannot consume this service')
    }
  })

  it('refuses members of a denied group, whatever else they are, and admits those without any', async () => {
    const rehearsal = withAcl({ deny: ['banned'] })
    expect((await rehearsal.send(by('banned'))).status).to.equal(403)
    const { upstream } = await rehearsal.send({ headers: { apikey: 'plain', 'x-consumer-groups': 'spoofed' } })
    expect(upstream?.headers.getAll('x-consumer-groups')).to.deep.equal([''])
  })

  it('answers 401 where nobody is authenticated', async () => {
    const rehearsal = rehearse(onService([{ name: 'acl', config: { allow: ['gold'] } }]))
    const { status, json } = await rehearsal.send({ headers: { 'x-consumer-groups': 'gold' } })
    expect(status).to.equal(401)
    expect(json).to.have.property('message', 'Unauthorized')
  })

  it('checks the groups of an anonymous consumer, and answers 401 when it has none', async () => {
    expect((await withAcl({ allow: ['public'] }, { anonymous: 'guest' }).send()).status).to.equal(200)
    expect((await withAcl({ allow: ['gold'] }, { anonymous: 'guest' }).send()).status).to.equal(403)
    expect((await withAcl({ allow: ['gold'] }, { anonymous: 'plain' }).send()).status).to.equal(401)
  })

  it('says nothing to the upstream with hide_groups_header', async () => {
    const { upstream } = await withAcl({ allow: ['gold'], hide_groups_header: true }).send(by('gold'))
    expect(upstream?.headers.has('x-consumer-groups')).to.equal(false)
  })

  it('obeys at once when a reload changes the groups', async () => {
    const rehearsal = withAcl({ allow: ['gold'] })
    expect((await rehearsal.send(by('plain'))).status).to.equal(403)
    const promoted = consumers.map((consumer) =>
      consumer.username === 'plain' ? { ...consumer, acls: [{ group: 'gold' }] } : consumer,
    )
    const plugins = [{ name: 'key-auth' }, { name: 'acl', config: { allow: ['gold'] } }]
    rehearsal.load(onService(plugins, { consumers: promoted }))
    expect((await rehearsal.send(by('plain'))).status).to.equal(200)
  })
})
