import { runAsCommand } from '../lib/run-as-command.ts'
import { deckEnvironment, platformEnvironment } from './environment.ts'
import { local } from './place.ts'
import { readPorts } from './ports.ts'

const HELP = `npm run --silent deck:env: prints the variables that kong.yaml asks for, as they are on the local stack.
  eval "$(npm run --silent deck:env)" && deck gateway diff kong.yaml`

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

await runAsCommand(async () => {
  if (process.argv.includes('--help')) return HELP
  const variables = await deckEnvironment(platformEnvironment(local, process.env), readPorts(process.env))
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quoted(value)}`)
    .join('\n')
})
