import { generate } from 'otplib'
import pg from 'pg'
import { confirmationToken, mailTo } from '../../dev/demo/inbox.ts'
import { until } from '../../dev/stack/until.ts'
import type { Platform } from '../support/platform.ts'

const TOTP_STEP_SECONDS = 30
let people = 0

/** Somebody nobody has seen before in this run. */
export function newPerson(name = 'สมชาย ใจดี') {
  people += 1
  return { name, email: `person-${people}@example.test`, phoneNumber: `+668${String(10_000_000 + people)}` }
}

export const bearer = (token: unknown) => ({ authorization: `Bearer ${token}` })

export async function registered(platform: Platform, person = newPerson()) {
  const answer = await platform.send('POST', '/api/v1/register', { body: person })
  if (answer.status !== 201) throw new Error(`registration answered ${answer.status}: ${answer.text}`)
  return { ...person, userID: String(answer.body?.data?.['userID']) }
}

export async function statusOf(platform: Platform, userID: string): Promise<unknown> {
  return (await platform.send('GET', `/api/v1/register/${userID}`)).body?.data?.['status']
}

export const statusBecomes = (platform: Platform, userID: string, status: string, within = 15_000) =>
  until(async () => (await statusOf(platform, userID)) === status, { within, what: `status ${status}` })

/** A confirmed member with a password, signed in. */
export async function member(platform: Platform, person = newPerson()) {
  const { userID, email } = await registered(platform, person)
  const token = confirmationToken(await mailTo(email, platform.inbox))
  const password = 'a member needs words of their own'
  await platform.send('POST', '/api/v1/register/confirm', { body: { token, password } })
  let accessToken: unknown
  const signedIn = async () => {
    const login = await platform.send('POST', '/api/v1/auth/login', { body: { email, password } })
    accessToken = login.body?.data?.['accessToken']
    return accessToken !== undefined
  }
  await until(signedIn, { within: 10_000, what: 'the account is active' })
  return { ...person, userID, password, token, accessToken: String(accessToken) }
}

/** An admin with a second factor, signed in with both. */
export async function admin(platform: Platform) {
  const { email } = newPerson()
  const password = 'an admin needs a long passphrase'
  await platform.createAdmin(email, password)
  const login = async () => {
    const answer = await platform.send('POST', '/api/v1/auth/login', { body: { email, password } })
    return String(answer.body?.data?.['mfaToken'])
  }
  const mfaToken = await login()
  const enrolled = await platform.send('POST', '/api/v1/auth/mfa/totp/enroll', { body: { mfaToken } })
  const secret = String(enrolled.body?.data?.['secret'])
  const code = await generate({ secret })
  const confirmed = await platform.send('POST', '/api/v1/auth/mfa/totp/confirm', { body: { mfaToken, code } })
  // Each code works once: the next step's is within the tolerated drift.
  const next = await generate({ secret, epoch: Math.floor(Date.now() / 1000) + TOTP_STEP_SECONDS })
  const body = { mfaToken: await login(), code: next }
  const verified = await platform.send('POST', '/api/v1/auth/mfa/verify', { body })
  const { accessToken, refreshToken } = verified.body?.data ?? {}
  const tokens = { accessToken: String(accessToken), refreshToken: String(refreshToken) }
  return { email, password, secret, enrolled, confirmed, ...tokens }
}

/** A member whom an admin has made staff, not signed in. */
export async function staffMember(platform: Platform) {
  const [{ accessToken }, person] = [await admin(platform), await member(platform)]
  const sent = { headers: bearer(accessToken), body: { roles: ['staff'] } }
  const { status } = await platform.send('PUT', `/api/v1/auth/accounts/${person.userID}/roles`, sent)
  if (status !== 200) throw new Error(`the role was answered with ${status}`)
  return person
}

/** From the next refresh on, this account has signed in, or shown its second factor, longer ago than sensitive actions allow. */
export async function ageSignIn({ databaseUrl }: Platform, email: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(
    `update auth.sessions set authenticated_at = now() - interval '301 seconds'
     where account_id = (select id from auth.accounts where email = $1)`,
    [email],
  )
  await client.end()
}

/** An admin who has shown the second factor too long ago for what is sensitive. */
export async function staleAdmin(platform: Platform) {
  const { email, secret, refreshToken } = await admin(platform)
  await ageSignIn(platform, email)
  const refreshed = await platform.send('POST', '/api/v1/auth/refresh', { body: { refreshToken } })
  return { secret, accessToken: refreshed.body?.data?.['accessToken'] }
}
