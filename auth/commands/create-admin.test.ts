import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { type Auth, PASSWORD, runAuth } from '../../test/support/auth.ts'

const FILE = join(import.meta.dirname, 'create-admin.ts')
const exec = promisify(execFile)

describe('admin:create', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth()
  })
  after(() => auth.stop())

  const somebody = () => `${randomUUID()}@example.com`

  function createAdmin(args: string[], env: NodeJS.ProcessEnv = {}) {
    const options = { env: { DATABASE_URL: auth.databaseURL, ...env } }
    return exec(process.execPath, [FILE, ...args], options).then(
      ({ stdout }) => ({ code: 0, said: stdout.trim() }),
      ({ code, stderr }) => ({ code, said: stderr.trim() }),
    )
  }

  it('makes an admin with the password given, who must enrol first', async () => {
    const email = somebody()
    const { code, said } = await createAdmin(['--email', email.toUpperCase(), '--password', PASSWORD])
    expect(code).to.equal(0)
    expect(said).to.equal(`${email} is an admin now`)
    expect((await auth.logIn(email)).body.data).to.have.property('mfaEnrollmentRequired', true)
  })

  it('prints a password once where none is given, and changes nothing the second time', async () => {
    const email = somebody()
    const { said } = await createAdmin(['--email', email])
    const password = /Password.*: (\S+)$/.exec(said)?.[1] ?? ''
    expect((await auth.logIn(email, { password })).status).to.equal(200)
    const again = await createAdmin(['--email', email])
    expect(again.code).to.equal(0)
    expect(again.said).to.equal(`${email} is an admin already, nothing has changed`)
    expect((await auth.logIn(email, { password })).status).to.equal(200)
  })

  it('promotes a member, who keeps the password and has to sign in again', async () => {
    const { email } = await auth.member()
    const { refreshToken } = (await auth.logIn(email)).body.data
    expect((await createAdmin(['--email', email])).said).to.equal(`${email} is an admin now and has to sign in again`)
    expect((await auth.post('refresh', { refreshToken })).status).to.equal(401)
    expect((await auth.logIn(email)).body.data).to.have.property('mfaEnrollmentRequired', true)
  })

  it('ends what was begun with a password that it replaces', async () => {
    const { userID, email } = await auth.member()
    await auth.withSecondFactor(userID)
    await auth.mfaToken(email)
    await auth.post('password/forgot', { email })
    await createAdmin(['--email', email, '--password', 'an admin needs a long passphrase'])
    const begun = 'select account_id from mfa_tokens union all select account_id from password_resets'
    expect(await auth.query(`select from (${begun}) begun where account_id = $1`, [userID])).to.deep.equal([])
  })

  it('does not keep the password of an account that nobody has confirmed', async () => {
    const { userID, email } = await auth.member()
    await auth.query('update accounts set confirmed_at = null where id = $1', [userID])
    expect((await createAdmin(['--email', email])).said).to.match(/Password \(not shown again\): \S+$/)
    expect((await auth.logIn(email)).status).to.equal(401)
  })

  it('refuses, in one line, what cannot work', async () => {
    const { userID, email } = await auth.member()
    await auth.query('update accounts set disabled_at = now() where id = $1', [userID])
    const cases: [string[], RegExp, { code?: number; env?: NodeJS.ProcessEnv }?][] = [
      [[], /^--email is missing/, { code: 2 }],
      [['--email', 'nobody'], /^--email must be a valid e-mail address$/],
      [['--email', somebody(), '--password', 'short'], /^--password must have at least 12 characters$/],
      [['--mail', 'x'], /^Unknown option '--mail'/, { code: 2 }],
      [['me@example.com'], /^Unexpected argument 'me@example.com'/, { code: 2 }],
      [['--email', email], /belongs to a disabled user/],
      [['--email', somebody()], /^Postgres does not answer/, { env: { DATABASE_URL: 'postgres://x@127.0.0.1:9/x' } }],
      [['--email', somebody()], /^DATABASE_URL: /, { env: { DATABASE_URL: '' } }],
    ]
    for (const [args, reason, { code = 1, env } = {}] of cases) {
      const refused = await createAdmin(args, env)
      expect(refused.code, String(args)).to.equal(code)
      expect(refused.said).to.match(reason).and.not.contain('\n')
    }
  })

  it('explains itself', async () => {
    const { code, said } = await createAdmin(['--help'], { DATABASE_URL: '' })
    expect(code).to.equal(0)
    expect(said).to.contain('npm run admin:create -- --email')
  })
})
