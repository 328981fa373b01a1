import { expect } from 'chai'
import { type Platform, platform } from '../support/platform.ts'
import { admin, bearer, member, staleAdmin } from './people.ts'

const VIEWS = ['gateway', 'partners', 'services', 'bus', 'dead-letters', 'audit']
const SENSITIVE = [
  ['GET', 'dead-letters/user.created.dlq-0-0'],
  ['POST', 'dead-letters/user.created.dlq-0-0/replay'],
  ['DELETE', 'dead-letters/user.created.dlq-0-0'],
] as const

describe('operations, through the gateway', function () {
  this.timeout(120_000)
  let jade: Platform

  before(async () => {
    jade = await platform()
  })

  const send = (method: string, path: string, token?: unknown) =>
    jade.send(method, `/api/v1/operations/${path}`, { headers: token === undefined ? {} : bearer(token) })

  it('shows the platform to staff, and keeps its secrets', async () => {
    const { accessToken } = await admin(jade)
    for (const path of VIEWS) {
      const { status, text } = await send('GET', path, accessToken)
      expect(status, `${path}: ${text}`).to.equal(200)
      expect(text).not.to.include(jade.partnerKey).and.not.include('gateway_token')
    }
  })

  it('is not for members, nor for anybody who is not signed in', async () => {
    const { accessToken } = await member(jade)
    for (const [method, path] of [...VIEWS.map((view) => ['GET', view] as const), ...SENSITIVE]) {
      expect((await send(method, path, accessToken)).status, path).to.equal(403)
      expect((await send(method, path)).status, path).to.equal(401)
    }
  })

  it('wants a second factor of the last five minutes to look into a dead letter or to settle it', async () => {
    const { accessToken } = await staleAdmin(jade)
    expect((await send('GET', 'dead-letters', accessToken)).status).to.equal(200)
    for (const [method, path] of SENSITIVE) {
      const { status, headers } = await send(method, path, accessToken)
      expect(status, `${method} ${path}`).to.equal(401)
      expect(headers['www-authenticate']).to.include('insufficient_user_authentication')
    }
  })
})
