import { createHmac } from 'node:crypto'
import { expect } from 'chai'
import type { JwtSecret } from '../../entities.ts'
import { readToken, type Token } from './token.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

const secretOf = (secret: string): JwtSecret => ({
  id: 'id',
  created_at: 0,
  key: 'shop',
  secret,
  rsa_public_key: null,
  algorithm: 'HS256',
  consumer: { id: 'c' },
})

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')

function tokenOf(claims: object): { text: string; token: Token } {
  const signed = `${encode({ alg: 'HS256' })}.${encode(claims)}`
  const text = `${signed}.${createHmac('sha256', 's').update(signed).digest('base64url')}`
  return { text, token: readToken(text) as Token }
}

describe('verified tokens', () => {
  const secret = secretOf('s')

  it('are checked once: the same token again costs no signature check', () => {
    const tokens = createVerifiedTokens()
    const { text, token } = tokenOf({ sub: 'u' })
    expect(tokens.get(text)).to.equal(undefined)
    expect(tokens.verify(text, token, secret, false)).to.equal(true)
    expect(tokens.get(text)).to.equal(token)
    // A wrong signature under the same text would be refused, were it looked at.
    expect(tokens.verify(text, { ...token, signature: Buffer.alloc(32) }, secret, false)).to.equal(true)
  })

  it('are checked again for another credential, or the same one loaded anew', () => {
    const tokens = createVerifiedTokens()
    const { text, token } = tokenOf({ sub: 'u' })
    tokens.verify(text, token, secret, false)
    expect(tokens.verify(text, token, secretOf('other'), false)).to.equal(false)
    expect(tokens.verify(text, token, secretOf('s'), false)).to.equal(true)
    expect(tokens.verify(text, token, secret, true)).to.equal(false)
  })

  it('are not kept when the signature is wrong', () => {
    const tokens = createVerifiedTokens()
    const { text, token } = tokenOf({ sub: 'u' })
    expect(tokens.verify(text, { ...token, signature: Buffer.alloc(32) }, secret, false)).to.equal(false)
    expect(tokens.get(text)).to.equal(undefined)
  })

  it('fade away unless they are used, so that memory stays bounded', () => {
    const tokens = createVerifiedTokens(2)
    const [used, unused, ...others] = Array.from({ length: 8 }, (_, at) => tokenOf({ sub: at }))
    for (const entry of [used, unused]) tokens.verify(entry?.text ?? '', entry?.token as Token, secret, false)
    for (const { text, token } of others) {
      expect(tokens.get(used?.text ?? '')).to.equal(used?.token)
      tokens.verify(text, token, secret, false)
    }
    expect(tokens.get(unused?.text ?? '')).to.equal(undefined)
  })
})
