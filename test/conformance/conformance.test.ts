import { expect } from 'chai'
import { type Case, readCases, recorded } from './cases.ts'
import { startEchoUpstreams } from './echo-upstreams.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { play, type Stage } from './play.ts'

/** Longer than the pause with which a case that counts by the minute lets the minute pass. */
const patience = 60_000

/** What the workers of a node must agree on. */
const shared = ['proxy-cache.json', 'rate-limiting.json', 'reload.json', 'upstreams.json']
const cases = readCases(recorded)

answersAsKong('the gateway answers as Kong 3.9 does', 1, cases)
answersAsKong(
  'two workers answer as one',
  2,
  cases.filter(({ file }) => shared.includes(file)),
)

function answersAsKong(title: string, workers: number, recordings: Case[]): void {
  describe(title, function () {
    this.timeout(patience)
    let gateway: GatewayProcess
    let stage: Stage

    before(async () => {
      const upstreams = await startEchoUpstreams()
      gateway = await startGateway({}, workers)
      stage = { ...gateway, upstreams }
    })

    after(async () => {
      await gateway?.stop()
      await stage?.upstreams.stop()
    })

    for (const recording of recordings) it(recording.name, () => agrees(recording))

    async function agrees(recording: Case): Promise<void> {
      const found = await play(stage, recording)
      expect(found.join('\n')).to.equal('')
    }
  })
}
