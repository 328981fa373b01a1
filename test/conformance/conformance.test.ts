import { expect } from 'chai'
import { type Case, readCases, recorded } from './cases.ts'
import { startEchoUpstreams } from './echo-upstreams.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { play, type Stage } from './play.ts'

/** Longer than the pause with which a case that counts by the minute lets the minute pass. */
const patience = 60_000

describe('the gateway answers as Kong 3.9 does', function () {
  this.timeout(patience)
  let gateway: GatewayProcess
  let stage: Stage

  before(async () => {
    const upstreams = await startEchoUpstreams()
    gateway = await startGateway()
    stage = { ...gateway, upstreams }
  })

  after(async () => {
    await gateway?.stop()
    await stage?.upstreams.stop()
  })

  for (const recording of readCases(recorded)) it(recording.name, () => agrees(recording))

  async function agrees(recording: Case): Promise<void> {
    const found = await play(stage, recording)
    expect(found.join('\n')).to.equal('')
  }
})
