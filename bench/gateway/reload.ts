import { writeFileSync } from 'node:fs'
import { until } from '../../dev/stack/until.ts'
import type { Row } from '../table.ts'
import { type Bench, CONNECTIONS, type Part, withGateway } from './bench.ts'
import { manyRoutes, SMALL } from './configs.ts'
import type { RunningGateway } from './gateway-process.ts'
import { twoHundredRoutes } from './workloads.ts'

const SECONDS = 6
/** Milliseconds that a change may take until it is in force. */
const APPLIED_WITHIN = 5_000
const ADDED = { name: 'added', paths: ['/added'], strip_path: false }

/** Brings one more route, or takes it away again. */
type Change = (there: boolean) => Promise<void>

/** Whether anybody notices that the config changes while traffic passes. */
export const reload: Part = {
  name: 'reload',
  run(bench) {
    return withGateway(bench, twoHundredRoutes(bench), async (gateway) => [
      await underLoad(bench, gateway, 'by SIGHUP', bySignal(bench, gateway)),
      await underLoad(bench, gateway, 'through the Admin API', throughAdmin(gateway)),
    ])
  },
}

async function underLoad(bench: Bench, { url }: RunningGateway, way: string, change: Change): Promise<Row> {
  const { requests } = twoHundredRoutes(bench)
  let passing = true
  const passed = bench.load.flatOut({ url, requests, connections: CONNECTIONS, seconds: SECONDS }).finally(() => {
    passing = false
  })
  let changes = 0
  for (let there = true; passing || !there; there = !there) {
    await change(there)
    const expected = there ? 200 : 404
    const inForce = async () => (await fetch(url + ADDED.paths[0])).status === expected
    await until(inForce, { within: APPLIED_WITHIN, what: `${ADDED.name} is ${there ? 'there' : 'gone'}` })
    changes++
  }
  const { answered, failed } = await passed
  return {
    what: `${changes} changes of the config ${way} under load: failed of ${answered} requests`,
    measured: String(failed),
    target: '0',
    met: failed === 0,
  }
}

function bySignal({ upstream }: Bench, { file, pid }: RunningGateway): Change {
  return async (there) => {
    const config = manyRoutes({ upstream, ...SMALL })
    if (there) config.services[0]?.routes.push({ ...ADDED, methods: ['GET'] })
    writeFileSync(file, JSON.stringify(config))
    // taskset has become the gateway: the process is the same.
    process.kill(pid, 'SIGHUP')
    await Promise.resolve()
  }
}

function throughAdmin({ adminUrl }: RunningGateway): Change {
  return async (there) => {
    const headers = { 'content-type': 'application/json' }
    const answer = there
      ? await fetch(`${adminUrl}/services/service-0/routes`, { method: 'POST', headers, body: JSON.stringify(ADDED) })
      : await fetch(`${adminUrl}/routes/${ADDED.name}`, { method: 'DELETE' })
    if (!answer.ok) throw new Error(`the Admin API answers ${answer.status}: ${await answer.text()}`)
  }
}
