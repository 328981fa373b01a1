import { deckEnvironment, platformEnvironment } from './environment.ts'
import { local } from './place.ts'
import { readPorts } from './ports.ts'

const HELP = `npm run --silent deck:env: prints the variables that kong.yaml asks for, as they are on the local stack.
  eval "$(npm run --silent deck:env)" && deck gateway diff kong.yaml`

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

if (process.argv.includes('--help')) {
  console.log(HELP)
} else {
  const variables = await deckEnvironment(platformEnvironment(local, process.env), readPorts(process.env))
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${quoted(value)}`)
}
