import { readFileSync } from 'node:fs'

/** Resident memory of these processes together, in MB (10⁶ bytes). */
export function residentMegabytes(pids: readonly number[]): number {
  const kibibytes = pids.map((pid) =>
    Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
  )
  return (kibibytes.reduce((sum, value) => sum + value, 0) * 1024) / 1e6
}
