import { readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second wherever Node runs. */
const TICKS_A_SECOND = 100

/** Processor time that a process has used so far, its threads and the kernel's work for it included, in seconds. */
export function processorSeconds(pid: number): number {
  const [, afterName = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const [user, system] = afterName.split(' ').slice(11, 13).map(Number) as [number, number]
  return (user + system) / TICKS_A_SECOND
}
