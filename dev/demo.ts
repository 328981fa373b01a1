import { Advice, readArguments, runAsCommand } from '../lib/run-as-command.ts'
import { gatewayClient } from './demo/gateway-client.ts'
import { play } from './demo/story.ts'
import { readPorts } from './ports.ts'

const HELP = `npm run demo: plays a member's, an admin's and a partner's first day against a running platform (npm start)
and prints each exchange. It makes new people each time.`

await runAsCommand(main)

async function main(): Promise<string | undefined> {
  const { values } = readArguments({ options: { help: { type: 'boolean' } } }, 'demo')
  if (values.help) return HELP
  const ports = readPorts(process.env)
  const base = process.env['PUBLIC_URL'] ?? `http://localhost:${ports.PROXY_PORT}`
  const inbox = process.env['MAIL_URL'] ?? `http://localhost:${ports.MAIL_WEB_PORT}`
  await play({ base, inbox, send: gatewayClient(base) }).catch((error: Error) => {
    const unreachable = error instanceof TypeError && error.message === 'fetch failed'
    throw new Advice(
      unreachable ? `Nobody answers at ${base}: run npm start first` : `The demo stopped: ${error.message}`,
    )
  })
  return undefined
}
