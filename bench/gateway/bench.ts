import type { Row } from '../table.ts'
import type { RunningGateway } from './gateway-process.ts'
import type { LoadGenerator } from './load-generator.ts'
import type { Surroundings } from './workloads.ts'

/** What every part of the bench is given. */
export interface Bench extends Surroundings {
  load: LoadGenerator
  /** Other gateways, as HOST:PORT. */
  peers: readonly string[]
  /** Starts a gateway with this config, and leaves the file where a peer's owner finds it. */
  start(file: string, config: unknown): Promise<RunningGateway>
}

/** Some rows of the table; `--only` asks for parts by their names. */
export interface Part {
  name: string
  run(bench: Bench): Promise<Row[]>
}

export const CONNECTIONS = 64

/** Runs `measure` against a gateway of this config, and ends the gateway whatever comes of it. */
export async function withGateway<Result>(
  { start }: Bench,
  { file, config }: { file: string; config: unknown },
  measure: (gateway: RunningGateway) => Result | Promise<Result>,
): Promise<Result> {
  const gateway = await start(file, config)
  try {
    return await measure(gateway)
  } finally {
    await gateway.stop()
  }
}
