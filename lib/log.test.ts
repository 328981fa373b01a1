import { execFileSync } from 'node:child_process'
import { expect } from 'chai'

/** What a process logs, line by line: redaction is judged by what really leaves it. */
function logged(script: string): Record<string, unknown>[] {
  const url = new URL('./log.ts', import.meta.url).href
  const source = `import { createLog } from ${JSON.stringify(url)}; const log = createLog({ service: 'probe' }); ${script}`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' })
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('log', () => {
  it('writes one JSON object a line with time, level, service and message', () => {
    const [entry] = logged(`log.warn('something', { attempts: 3 })`)
    expect(entry).to.include({ level: 'warn', service: 'probe', message: 'something', attempts: 3 })
    expect(new Date(String(entry?.time)).getTime()).to.be.closeTo(Date.now(), 60_000)
  })

  it('does not even look at what is below its level', () => {
    const read = `Object.defineProperty({}, 'seen', { enumerable: true, get: () => console.log('{"read":true}') })`
    expect(logged(`log.debug('x', ${read}); log.info('y')`)).to.have.length(1)
  })

  it('redacts secrets and personal data at any depth and in any letter case', () => {
    const [entry] = logged(
      `log.info('x', { user: { Email: 'a@b.test', list: [{ password: 'p1' }] }, Authorization: 'Bearer t', thaiID: '1' })`,
    )
    expect(JSON.stringify(entry)).not.to.match(/a@b\.test|p1|Bearer|"1"/)
  })

  it('removes e-mail addresses from free text and from errors', () => {
    const [entry] = logged(
      `log.error('mail for a@b.test', { error: new Error('no such user: a@b.test', { cause: new Error('c@d.test') }) })`,
    )
    expect(JSON.stringify(entry)).not.to.match(/a@b\.test|c@d\.test/)
  })

  it("leaves out an error's own properties, where drivers keep statements and rows", () => {
    const [entry] = logged(
      `log.error('x', { error: Object.assign(new Error('bad'), { detail: 'Key (phone)=(+66812345678)', code: '23505' }) })`,
    )
    expect(JSON.stringify(entry)).not.to.include('66812345678')
    expect(entry?.error).to.include({ code: '23505', message: 'bad' })
  })
})
