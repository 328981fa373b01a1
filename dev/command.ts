import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { runAsCommand } from '../lib/run-as-command.ts'
import { deckEnvironment, platformEnvironment } from './environment.ts'
import { local, partnersFile, root } from './place.ts'
import { readPorts } from './ports.ts'

// Runs one of the platform's own commands with the environment that it has on the local stack:
//   sh dev/run dev/command.ts FILE [ARGUMENT…]
await runAsCommand(async () => {
  const [file = '', ...args] = process.argv.slice(2)
  const ports = readPorts(process.env)
  const platform = platformEnvironment(local, process.env)
  const env = {
    ...process.env,
    ...platform,
    ...(await deckEnvironment(platform, ports)),
    PARTNERS_FILE: partnersFile,
  }
  const { status } = spawnSync(process.execPath, [...process.execArgv, join(root, file), ...args], {
    env,
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
  return undefined
})
