import { expect } from 'chai'
import type { Route } from '../entities.ts'
import { HeaderList } from '../http1/header-list.ts'
import { protocolRefusal } from './protocol.ts'

const route = (protocols: string[], https_redirect_status_code = 426) =>
  ({ protocols, https_redirect_status_code }) as Route
const http = { proto: 'http', host: 'a.test', target: '/x?y=1', headers: new HeaderList() }

describe('protocolRefusal', () => {
  it('lets a route of both schemes answer', () => {
    expect(protocolRefusal(route(['http', 'https']), http)).to.equal(undefined)
  })

  it('lets an https route answer over https', () => {
    expect(protocolRefusal(route(['https']), { ...http, proto: 'https' })).to.equal(undefined)
  })

  it('asks for https with 426', () => {
    expect(protocolRefusal(route(['https']), http)).to.deep.equal({
      status: 426,
      message: 'Please use HTTPS protocol',
      headers: { Connection: 'Upgrade', Upgrade: 'TLS/1.2, HTTP/1.1' },
    })
  })

  it('redirects where the route says so', () => {
    const headers = { Location: 'https://a.test/x?y=1' }
    expect(protocolRefusal(route(['https'], 308), http)).to.deep.equal({ status: 308, headers })
  })

  it('refuses what is no gRPC on a gRPC route', () => {
    expect(protocolRefusal(route(['grpc']), http)?.status).to.equal(415)
  })

  it('asks a gRPC request for HTTP/2, and for https before that', () => {
    const headers = new HeaderList()
    headers.append('Content-Type', 'application/grpc+proto')
    expect(protocolRefusal(route(['grpc']), { ...http, headers })).to.deep.equal({
      status: 426,
      message: 'Please use HTTP2 protocol',
      headers: { Connection: 'Upgrade', Upgrade: 'HTTP/2' },
    })
    expect(protocolRefusal(route(['https', 'grpcs']), { ...http, headers })?.headers.Upgrade).to.equal(
      'TLS/1.2, HTTP/1.1',
    )
  })
})
