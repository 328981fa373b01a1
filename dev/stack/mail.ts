import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import type { Component } from './component.ts'
import { startDaemon } from './daemon.ts'

const program = join(dirname(createRequire(import.meta.url).resolve('maildev/package.json')), 'bin/maildev')

export const mailUrl = (port: number): string => `smtp://127.0.0.1:${port}`
export const inboxUrl = (webPort: number): string => `http://127.0.0.1:${webPort}`

interface Options {
  dir: string
  port: number
  webPort: number
}

/** A mail server that delivers into an inbox one reads in the browser (`inboxUrl`); the mails are files, kept. */
export async function startMail({ dir, port, webPort }: Options): Promise<Component> {
  const folder = join(dir, 'mail')
  mkdirSync(folder, { recursive: true })
  const web = inboxUrl(webPort)
  const daemon = await startDaemon({
    name: 'mail',
    dir,
    command: process.execPath,
    args: [
      program,
      ...['--ip', '127.0.0.1', '--smtp', String(port)],
      ...['--web-ip', '127.0.0.1', '--web', String(webPort)],
      ...['--mail-directory', folder],
    ],
    answers: async () => (await greets(port)) && (await serves(web)),
  })
  return { ...daemon, url: mailUrl(port) }
}

/** RFC 5321 §4.3.1: a server that takes mail opens with 220. */
async function greets(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port })
  try {
    const [greeting] = await once(socket, 'data', { signal: AbortSignal.timeout(1_000) })
    return String(greeting).startsWith('220')
  } finally {
    socket.end('QUIT\r\n')
  }
}

async function serves(web: string): Promise<boolean> {
  const answer = await fetch(`${web}/healthz`, { signal: AbortSignal.timeout(1_000) })
  await answer.text()
  return answer.ok
}
