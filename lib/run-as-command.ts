import { type ParseArgsConfig, parseArgs } from 'node:util'
import { ConfigError } from './config.ts'
import { isUnavailable } from './unavailable.ts'

/** Something that the caller can put right, said in one line. */
export class Advice extends Error {
  override name = 'Advice'
  readonly exitCode: number

  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

const MISUSED = 2

/** Advice where a server does not answer: later, the same may work. */
export class Away extends Advice {
  override name = 'Away'
}

export const misused = (what: string, command: string): Advice =>
  new Advice(`${what}: npm run ${command} -- --help shows how`, MISUSED)

/** As `parseArgs`, with advice where the arguments are not those of the command. */
export function readArguments<Config extends ParseArgsConfig>(config: Config, command: string) {
  try {
    return parseArgs(config)
  } catch (error) {
    throw misused((error as Error).message.split('. ')[0] ?? '', command)
  }
}

/**
 * Runs a command: prints what it gives, or on one line what to do about its failure, which the exit code tells too.
 * `away` is that line where a server does not answer.
 */
export async function runAsCommand(main: () => Promise<string | undefined>, away?: string): Promise<void> {
  try {
    const said = await main()
    if (said !== undefined) process.stdout.write(`${said}\n`)
  } catch (error) {
    process.exitCode = error instanceof Advice ? error.exitCode : 1
    process.stderr.write(`${isUnavailable(error) && away ? away : explain(error)}\n`)
  }
}

function explain(error: unknown): string {
  if (error instanceof Advice || error instanceof ConfigError) return error.message
  return error instanceof Error && error.stack ? error.stack : String(error)
}
