import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { maskAnswer } from './admin-mask.ts'
import { differences } from './differences.ts'
import { exchange } from './exchange.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { parsedJson } from './mask.ts'

interface Recording {
  send: { method: string; path: string; body?: unknown }
  answer: { status: number; body: unknown }
}

const recordings: Recording[] = JSON.parse(readFileSync(path.join(import.meta.dirname, 'admin/exchanges.json'), 'utf8'))

/** Where the gateway is not Kong, and says so. */
const departures: Record<string, string> = {
  'GET /': 'it names its own plugins, and has neither Lua nor timers',
  'GET /status': 'the figures are not those of nginx',
  'GET /plugins/enabled': 'it has fewer plugins',
  'POST /config': 'a declaration is taken, also where single entities can be changed',
  'GET /endpoints?size=1000': 'it has none of the endpoints of the plugins that it has not',
}

describe('the Admin API answers as Kong 3.9 does', function () {
  this.timeout(30_000)
  let gateway: GatewayProcess

  before(async () => {
    gateway = await startGateway()
  })
  after(() => gateway?.stop())

  recordings.forEach(({ send, answer }, at) => {
    const request = `${send.method} ${send.path}`
    const reason = departures[request]
    const title = `${at + 1}: ${request}${reason === undefined ? '' : ` (otherwise: ${reason})`}`
    it(title, async () => {
      const { status, body } = await exchange(gateway.admin, {
        method: send.method,
        path: send.path,
        ...(send.body !== undefined && {
          body: JSON.stringify(send.body),
          headers: { 'content-type': 'application/json' },
        }),
      })
      const found = differences(
        { status: answer.status, body: maskAnswer(answer.body) },
        { status, body: maskAnswer(parsedJson(body) ?? body) },
        request,
      )
      if (reason === undefined) expect(found.join('\n')).to.equal('')
      else expect(found).to.not.deep.equal([])
    })
  })
})
