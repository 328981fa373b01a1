import { expect } from 'chai'
import { customFields } from './custom-fields.ts'
import { logEntry } from './log-entry.ts'
import { entitiesOf, onService, rehearse } from './rehearsal.ts'

const request = { headers: { 'X-Shop': 'th' } }
const entryWith = async (fields: Record<string, string>) => {
  const { exchange } = await rehearse(onService([])).send(request)
  return logEntry(exchange, customFields(fields))
}

describe('log entries', () => {
  it('tell what the TLS handshake has agreed on', async () => {
    const { exchange } = await rehearse(onService([])).send(request)
    const agreed = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' }
    const secured = { ...exchange, request: { ...exchange.request, tls: agreed } }
    expect(logEntry(secured, [])).to.have.deep.nested.property('request.tls', { ...agreed, client_verify: 'NONE' })
    expect(logEntry(exchange, [])).not.to.have.nested.property('request.tls')
  })

  it('leave out, set and nest the fields that a plugin declares', async () => {
    const entry = await entryWith({
      client_ip: 'return nil',
      'request.headers.x-shop': 'return nil;',
      'shop.country': 'return kong.request.get_header("X_Shop")',
      'shop.answer': " return 'it''s 42' ".replace("''", ' '),
      'shop.number': 'return -4.5',
      'shop.open': 'return true',
    })
    expect(JSON.parse(JSON.stringify(entry))).not.to.have.property('client_ip')
    expect(JSON.parse(JSON.stringify(entry))).not.to.have.nested.property('request.headers.x-shop')
    expect(entry.shop).to.deep.equal({ country: 'th', answer: 'it s 42', number: -4.5, open: true })
  })

  it('of one request stay as they are when another plugin changes its own', async () => {
    const { exchange } = await rehearse(onService([])).send(request)
    logEntry(exchange, customFields({ 'route.name': 'return "changed"' }))
    expect(logEntry(exchange, [])).to.have.nested.property('route.name', 'r')
  })

  it('take no other Lua: such a file is refused', () => {
    for (const code of ['return os.time()', 'kong.log("x")', 'return kong.request.get_body()', 'return'])
      expect(() =>
        entitiesOf({ plugins: [{ name: 'file-log', config: { path: '/x', custom_fields_by_lua: { a: code } } }] }),
      ).to.throw(/no Lua/)
  })
})
