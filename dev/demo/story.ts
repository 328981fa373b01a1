import { execFileSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { styleText } from 'node:util'
import { generate } from 'otplib'
import { until } from '../stack/until.ts'
import type { Answer, Send } from './gateway-client.ts'
import { confirmationToken, mailTo } from './inbox.ts'

/** Where the story is played. */
export interface Stage {
  /** The gateway's URL, and what sends requests through it. */
  base: string
  send: Send
  /** The mail inbox's URL. */
  inbox: string
}

const TOTP_STEP_SECONDS = 30

const chapter = (title: string) => console.log(`\n${styleText('bold', title)}`)
const text = (answer: Answer, field: string) => String(answer.body.data?.[field])
const bearer = (answer: Answer) => ({ authorization: `Bearer ${text(answer, 'accessToken')}` })
const newPassword = () => randomBytes(15).toString('base64url')

function newMember(name: string) {
  const email = `${name.toLowerCase()}.${randomBytes(4).toString('hex')}@example.test`
  return { name, email, phoneNumber: `08${randomInt(10_000_000, 99_999_999)}` }
}

function expectStatus(answer: Answer, ...wanted: number[]): Answer {
  if (!wanted.includes(answer.status)) throw new Error(`expected ${wanted.join(' or ')}, got ${answer.status}`)
  return answer
}

async function statusBecomes({ base, send }: Stage, userID: string, wanted: string) {
  const reached = async () => {
    const answer = await fetch(`${base}/api/v1/register/${userID}`)
    return ((await answer.json()) as Answer['body']).data?.['status'] === wanted
  }
  await until(reached, { within: 20_000, what: `status ${wanted}` })
  return send(`GET /api/v1/register/${userID}`)
}

/** One of the project's own commands, quietly; its last line. */
function command(name: string, ...args: string[]): string {
  console.log(`  $ npm run ${name} -- ${args.join(' ')}`)
  const output = execFileSync('npm', ['run', '--silent', name, '--', ...args], { encoding: 'utf8' }).trim()
  return output.split('\n').at(-1) ?? ''
}

async function register(stage: Stage) {
  const { send, inbox } = stage
  chapter('1. A customer registers: Kafka has accepted it when the answer comes')
  const member = newMember('Malee')
  const userID = text(expectStatus(await send('POST /api/v1/register', { body: member }), 201), 'userID')

  chapter('2. The user is stored, a mail with a link arrives')
  const mail = await mailTo(member.email, inbox)
  console.log(`  ✉ ${mail.subject} (${inbox})`)
  expectStatus(await statusBecomes(stage, userID, 'confirmation_sent'), 200)
  return { ...member, userID, token: confirmationToken(mail) }
}

type Member = Awaited<ReturnType<typeof register>>

async function confirm(stage: Stage, { token, userID }: Member) {
  const { send } = stage
  chapter('3. The link confirms, once')
  const password = newPassword()
  expectStatus(await send('POST /api/v1/register/confirm', { body: { token, password } }), 200)
  expectStatus(await statusBecomes(stage, userID, 'confirmed'), 200)
  expectStatus(await send('POST /api/v1/register/confirm', { body: { token } }), 409)
  return password
}

async function refusals({ send }: Stage, { name, email, phoneNumber }: Member) {
  chapter('4. The same person again, and rubbish')
  expectStatus(await send('POST /api/v1/register', { body: { ...newMember(name), email } }), 409)
  expectStatus(await send('POST /api/v1/register', { body: { ...newMember(name), phoneNumber } }), 409)
  const rubbish = { name: 'x', email: 'nobody', phoneNumber: '12', thaiID: '1234567890123', isAdmin: true }
  expectStatus(await send('POST /api/v1/register', { body: rubbish }), 400)
}

async function administer({ send }: Stage, member: Member) {
  chapter('5. An admin: password, then a second factor, then the members')
  const admin = { email: newMember('admin').email, password: newPassword() }
  command('admin:create', '--email', admin.email, '--password', admin.password)
  const first = expectStatus(await send('POST /api/v1/auth/login', { body: admin }), 200)
  const mfaToken = text(first, 'mfaToken')
  const secret = text(
    expectStatus(await send('POST /api/v1/auth/mfa/totp/enroll', { body: { mfaToken } }), 200),
    'secret',
  )
  const code = await generate({ secret })
  expectStatus(await send('POST /api/v1/auth/mfa/totp/confirm', { body: { mfaToken, code } }), 200)
  const again = expectStatus(await send('POST /api/v1/auth/login', { body: admin }), 200)
  // A code works once, so the second login uses the next step's, which is within the tolerated drift.
  const next = await generate({ secret, epoch: Math.floor(Date.now() / 1000) + TOTP_STEP_SECONDS })
  const login = { mfaToken: text(again, 'mfaToken'), code: next }
  const headers = bearer(expectStatus(await send('POST /api/v1/auth/mfa/verify', { body: login }), 200))

  expectStatus(await send('GET /api/v1/users?limit=2&sort=-createdAt', { headers }), 200)
  expectStatus(await send(`GET /api/v1/users?search=${encodeURIComponent(member.email)}`, { headers }), 200)
  const staffMade = expectStatus(await send('POST /api/v1/users', { headers, body: newMember('Somchai') }), 201)
  const other = `/api/v1/users/${text(staffMade, 'userID')}` as const
  expectStatus(await send(`PATCH ${other}`, { headers, body: { name: 'Somchai Jaidee' } }), 200)
  expectStatus(await send(`PATCH ${other}`, { headers, body: { status: 'disabled' } }), 200)
  expectStatus(await send(`DELETE ${other}`, { headers }), 200, 204)
  expectStatus(await send(`GET ${other}`, { headers }), 404)
}

async function ownProfile({ send }: Stage, { email, userID }: Member, password: string) {
  chapter('6. The member signs in: the own profile, and no staff routes')
  const headers = bearer(expectStatus(await send('POST /api/v1/auth/login', { body: { email, password } }), 200))
  expectStatus(await send('GET /api/v1/users/me', { headers }), 200)
  expectStatus(await send('PATCH /api/v1/users/me', { headers, body: { name: 'Malee Srisai' } }), 200)
  expectStatus(await send('GET /api/v1/users', { headers }), 403)
  expectStatus(await send(`DELETE /api/v1/users/${userID}`, { headers }), 403)
  return headers
}

async function partnerAndImpostor({ send }: Stage, { userID }: Member, headers: { authorization: string }) {
  chapter('7. A partner with an API key; a client who invents identity headers')
  const apikey = command('partner:add', '--name', `acme-${randomBytes(3).toString('hex')}`, '--group', 'partner-gold')
  const membership = `/partner/v1/members/${userID}` as const
  expectStatus(await send(`GET ${membership}`, { headers: { apikey } }), 200)
  expectStatus(await send(`GET ${membership}`, { headers: { apikey: 'guessed' } }), 401)
  const invented = {
    'X-User-Id': randomBytes(8).toString('hex'),
    'X-User-Roles': 'admin',
    'X-Consumer-Groups': 'partner-gold',
  }
  expectStatus(await send('GET /api/v1/users/me', { headers: invented }), 401)
  expectStatus(await send(`GET ${membership}`, { headers: invented }), 401)
  const own = expectStatus(await send('GET /api/v1/users/me', { headers: { ...invented, ...headers } }), 200)
  if (text(own, 'userID') !== userID) throw new Error('an invented header was believed')
}

/** A member's, an admin's and a partner's first day; throws where it goes otherwise. */
export async function play(stage: Stage): Promise<void> {
  const member = await register(stage)
  const password = await confirm(stage, member)
  await refusals(stage, member)
  await administer(stage, member)
  await partnerAndImpostor(stage, member, await ownProfile(stage, member, password))
  console.log(styleText('green', '\nAll seven went as they should.'))
}
