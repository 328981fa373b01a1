import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { platformEnvironment } from './environment.ts'
import { local, root } from './place.ts'

// Runs one of the services' own commands with the environment that the services have on the local stack:
//   sh dev/run dev/command.ts FILE [ARGUMENT…]
const [file = '', ...args] = process.argv.slice(2)
const env = { ...process.env, ...platformEnvironment(local, process.env) }
const { status } = spawnSync(process.execPath, [...process.execArgv, join(root, file), ...args], {
  env,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
