import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { root } from './place.ts'

function demo(env: NodeJS.ProcessEnv, ...args: string[]) {
  const options = { env: { ...process.env, ...env }, encoding: 'utf8' } as const
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'dev/demo.ts'), ...args], options)
  return { status, stderr }
}

describe('npm run demo', () => {
  it('says on one line which port is none', () => {
    const stderr = 'PROXY_PORT=eighty: a port is a number from 1 to 65535\n'
    expect(demo({ PROXY_PORT: 'eighty' })).to.deep.equal({ status: 1, stderr })
  })

  it('says on one line that nobody answers', () => {
    const stderr = 'Nobody answers at http://127.0.0.1:1: run npm start first\n'
    expect(demo({ PUBLIC_URL: 'http://127.0.0.1:1' })).to.deep.equal({ status: 1, stderr })
  })

  it('refuses arguments that it does not know', () => {
    expect(demo({}, '--fast').stderr).to.match(/^Unknown option '--fast': npm run demo -- --help shows how\n$/)
  })
})
