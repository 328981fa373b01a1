import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { expect } from 'chai'
import { onService, type Rehearsal, rehearse } from '../rehearsal.ts'

const SECRET = 'a-secret-of-the-shop'
const NOW = 1_800_000_000
const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')

function token(claims: object, { header = {}, secret = SECRET }: { header?: object; secret?: string } = {}): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

const GOOD = token({ iss: 'shop', sub: 'u1' })
const bearer = (text: string) => ({ headers: { authorization: `Bearer ${text}` } })
const shop = (secrets: object[] = [{ key: 'shop', secret: SECRET }]) => ({
  consumers: [{ username: 'app', jwt_secrets: secrets }, { username: 'guest' }],
})
const withJwt = (config: object = {}, more: object = shop(), now = () => NOW * 1000) =>
  rehearse(onService([{ name: 'jwt', config }], more), { now })

async function refusal(rehearsal: Rehearsal, text: string) {
  const { status, json, headers } = await rehearsal.send(bearer(text))
  return { status, json, challenge: headers.get('www-authenticate') }
}

describe('jwt', () => {
  it('authenticates the consumer and hands on the verified claims', async () => {
    const { upstream, exchange } = await withJwt().send(bearer(GOOD))
    expect(upstream?.headers.get('x-consumer-username')).to.equal('app')
    expect(upstream?.headers.get('x-credential-identifier')).to.equal('shop')
    expect(exchange.claims).to.deep.equal({ iss: 'shop', sub: 'u1' })
  })

  it('refuses a request without a token, always in JSON and without a request id', async () => {
    const { status, json, headers } = await withJwt({ realm: 'shop' }).send({ headers: { accept: 'text/html' } })
    expect(status).to.equal(401)
    expect(json).to.deep.equal({ message: 'Unauthorized' })
    expect(headers.get('www-authenticate')).to.equal('Bearer realm="shop"')
    expect(headers.get('content-type')).to.equal('application/json; charset=utf-8')
  })

  const [head, claims, signature] = GOOD.split('.') as [string, string, string]
  for (const [what, text, message] of [
    ['one part', 'nonsense', 'Bad token; invalid JSON'],
    ['two parts', `${head}.${claims}`, 'Bad token; invalid JSON'],
    ['a header that is no JSON', `bm90.${claims}.${signature}`, 'Bad token; invalid JSON'],
    ['a header that is null', `${encode(null)}.${claims}.${signature}`, 'Bad token; invalid alg'],
    ['claims that are null', `${head}.${encode(null)}.${signature}`, 'Bad token; invalid claims'],
    ['claims that are a list', token(['shop']), "No mandatory 'iss' in claims"],
    ['no algorithm', `${encode({ alg: 'none' })}.${claims}.`, 'Bad token; invalid alg'],
    ['the name of a method for an algorithm', `${encode({ alg: 'toString' })}.${claims}.x`, 'Bad token; invalid alg'],
    ['a fourth part', `${GOOD}.x`, 'Bad token; invalid signature'],
    [
      'an algorithm that is not the credential’s',
      token({ iss: 'shop' }, { header: { alg: 'HS384' } }),
      'Invalid algorithm',
    ],
    ['a forged signature', token({ iss: 'shop' }, { secret: 'guessed' }), 'Invalid signature'],
    [
      'other claims under the signature',
      `${head}.${encode({ iss: 'shop', sub: 'root' })}.${signature}`,
      'Invalid signature',
    ],
    ['an empty signature', `${head}.${claims}.`, 'Invalid signature'],
    ['no issuer', token({}), "No mandatory 'iss' in claims"],
    ['an empty issuer', token({ iss: '' }), "Invalid 'iss' in claims"],
    ['a number for an issuer', token({ iss: 5 }), "Invalid 'iss' in claims"],
    ['an unknown issuer', token({ iss: '../../etc/passwd' }), "No credentials found for given 'iss'"],
  ] as const)
    it(`refuses ${what}`, async () => {
      const challenge = 'Bearer error="invalid_token"'
      expect(await refusal(withJwt(), text)).to.deep.equal({ status: 401, json: { message }, challenge })
    })

  it('looks for the key in the claims before the header', async () => {
    const rehearsal = withJwt({ key_claim_name: 'kid' })
    expect((await rehearsal.send(bearer(token({}, { header: { kid: 'shop' } })))).status).to.equal(200)
    expect((await rehearsal.send(bearer(token({ kid: 'shop' }, { header: { kid: 'no' } })))).status).to.equal(200)
    const fromPrototype = await refusal(withJwt({ key_claim_name: 'constructor' }), GOOD)
    expect(fromPrototype.json).to.deep.equal({ message: "No mandatory 'constructor' in claims" })
  })

  it('finds the token in header, query and cookies, and refuses two different ones', async () => {
    const places = { cookie_names: ['session'], uri_param_names: ['jwt', 'token'] }
    const rehearsal = withJwt({ ...places, header_names: ['authorization', 'X_Shop_Token'] })
    expect((await rehearsal.send({ headers: { 'x-shop-token': `bearer  ${GOOD}` } })).status).to.equal(200)
    expect((await rehearsal.send({ path: `/?token=${GOOD}` })).status).to.equal(200)
    for (const cookie of [`a=1; Session=${GOOD}`, `a=1, session=${GOOD}; b=2`, `session = ${GOOD}`])
      expect((await rehearsal.send({ headers: { cookie } })).status).to.equal(200)
    expect((await rehearsal.send({ headers: { cookie: `mysession=${GOOD}` } })).status).to.equal(401)
    expect((await rehearsal.send({ ...bearer(GOOD), path: `/?jwt=${GOOD}` })).status).to.equal(200)
    const two = await rehearsal.send({ ...bearer(GOOD), path: `/?jwt=${token({ iss: 'shop' })}` })
    expect(two.json).to.deep.equal({ message: 'Multiple tokens provided' })
    expect((await rehearsal.send({ path: '/?jwt' })).json).to.deep.equal({ message: 'Unrecognizable token' })
  })

  it('checks exp and nbf only when asked to, each time anew', async () => {
    let time = NOW
    const dated = token({ iss: 'shop', nbf: NOW, exp: NOW + 60 })
    const rehearsal = withJwt({ claims_to_verify: ['exp', 'nbf'] }, shop(), () => time * 1000)
    expect((await rehearsal.send(bearer(dated))).status).to.equal(200)
    time = NOW + 59
    expect((await rehearsal.send(bearer(dated))).status).to.equal(200)
    time = NOW + 60
    expect((await refusal(rehearsal, dated)).json).to.deep.equal({ exp: 'token expired' })
    time = NOW - 1
    expect((await refusal(rehearsal, dated)).json).to.deep.equal({ nbf: 'token not valid yet' })
    const undated = { exp: 'must be a number', nbf: 'must be a number' }
    expect((await refusal(rehearsal, GOOD)).json).to.deep.equal(undated)
    expect((await withJwt().send(bearer(token({ iss: 'shop', exp: 1 })))).status).to.equal(200)
  })

  it('refuses tokens that live longer than maximum_expiration', async () => {
    const rehearsal = withJwt({ claims_to_verify: ['exp'], maximum_expiration: 60 })
    expect((await rehearsal.send(bearer(token({ iss: 'shop', exp: NOW + 60 })))).status).to.equal(200)
    const { json } = await refusal(rehearsal, token({ iss: 'shop', exp: NOW + 61 }))
    expect(json).to.deep.equal({ exp: 'exceeds maximum allowed expiration' })
  })

  it('decodes base64 secrets when told to', async () => {
    const secrets = shop([{ key: 'shop', secret: Buffer.from(SECRET).toString('base64') }])
    expect((await withJwt({ secret_is_base64: true }, secrets).send(bearer(GOOD))).status).to.equal(200)
    expect((await withJwt({}, secrets).send(bearer(GOOD))).status).to.equal(401)
  })

  it('says so when a credential has nothing that could be a key', async () => {
    const noBase64 = withJwt({ secret_is_base64: true }, shop([{ key: 'shop', secret: 'not base64!' }]))
    expect((await refusal(noBase64, GOOD)).json).to.deep.equal({ message: 'Invalid key/secret' })
    const noPublicKey = withJwt({}, shop([{ key: 'shop', algorithm: 'ES256' }]))
    const { json } = await refusal(noPublicKey, token({ iss: 'shop' }, { header: { alg: 'ES256' } }))
    expect(json).to.deep.equal({ message: 'Invalid key/secret' })
  })

  it('lets a bad token pass as the anonymous consumer, without claims', async () => {
    const { upstream, exchange } = await withJwt({ anonymous: 'guest' }).send(
      bearer(token({ iss: 'shop' }, { secret: 'x' })),
    )
    expect(upstream?.headers.get('x-consumer-username')).to.equal('guest')
    expect(exchange.claims).to.equal(undefined)
  })

  it('stops accepting a token it has verified when a reload takes its credential away or changes it', async () => {
    const rehearsal = withJwt()
    expect((await rehearsal.send(bearer(GOOD))).status).to.equal(200)
    rehearsal.load(onService([{ name: 'jwt' }], shop([{ key: 'shop', secret: 'another' }])))
    expect((await refusal(rehearsal, GOOD)).json).to.deep.equal({ message: 'Invalid signature' })
    rehearsal.load(onService([{ name: 'jwt' }], shop([])))
    expect((await rehearsal.send(bearer(GOOD))).status).to.equal(401)
  })
})

describe('jwt with public keys', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  const raw = { dsaEncoding: 'ieee-p1363' as const }
  type Pair = { publicKey: KeyObject; privateKey: KeyObject }
  const cases: [string, string | null, Pair, object][] = [
    ['RS256', 'sha256', rsa, {}],
    ['RS384', 'sha384', rsa, {}],
    ['RS512', 'sha512', rsa, {}],
    ['PS256', 'sha256', rsa, pss],
    ['PS384', 'sha384', rsa, pss],
    ['PS512', 'sha512', rsa, pss],
    ['ES256', 'sha256', ec('P-256'), raw],
    ['ES384', 'sha384', ec('P-384'), raw],
    ['ES512', 'sha512', ec('P-521'), raw],
    ['EdDSA', null, generateKeyPairSync('ed25519'), {}],
  ]
  const pem = ({ publicKey }: Pair) => publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const signed = (alg: string) => `${encode({ alg })}.${encode({ iss: 'shop' })}`

  for (const [algorithm, hash, pair, options] of cases) {
    const rehearsal = withJwt({}, shop([{ key: 'shop', algorithm, rsa_public_key: pem(pair) }]))
    const text = signed(algorithm)

    it(`verifies ${algorithm}, and refuses the same signature over anything else`, async () => {
      const signature = sign(hash, Buffer.from(text), { key: pair.privateKey, ...options }).toString('base64url')
      expect((await rehearsal.send(bearer(`${text}.${signature}`))).status).to.equal(200)
      const other = `${encode({ alg: algorithm })}.${encode({ iss: 'shop', sub: 'root' })}.${signature}`
      expect((await refusal(rehearsal, other)).json).to.deep.equal({ message: 'Invalid signature' })
    })

    it(`refuses HS256 signed with the public key of ${algorithm}`, async () => {
      const forged = token({ iss: 'shop' }, { secret: pem(pair) })
      expect((await refusal(rehearsal, forged)).json).to.deep.equal({ message: 'Invalid algorithm' })
    })
  }

  it('refuses an ES256 signature in DER (RFC 7518 §3.4)', async () => {
    const pair = ec('P-256')
    const der = sign('sha256', Buffer.from(signed('ES256')), pair.privateKey).toString('base64url')
    const rehearsal = withJwt({}, shop([{ key: 'shop', algorithm: 'ES256', rsa_public_key: pem(pair) }]))
    expect((await refusal(rehearsal, `${signed('ES256')}.${der}`)).json).to.deep.equal({ message: 'Invalid signature' })
  })

  it('refuses a key of another kind than the algorithm’s', async () => {
    const pair = ec('P-256')
    const text = signed('RS256')
    const signature = sign('sha256', Buffer.from(text), pair.privateKey).toString('base64url')
    const rehearsal = withJwt({}, shop([{ key: 'shop', algorithm: 'RS256', rsa_public_key: pem(pair) }]))
    expect((await refusal(rehearsal, `${text}.${signature}`)).json).to.deep.equal({ message: 'Invalid signature' })
  })
})
