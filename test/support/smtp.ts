import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { freePort } from './ports.ts'

/** What the server says to a command; undefined: it agrees. */
export type Say = (command: string) => string | undefined | Promise<undefined>

/** A mail server (RFC 5321) that says what a test wants, to exercise refusals; it keeps the recipients it has accepted. */
export async function startSmtp() {
  const port = await freePort()
  const sockets = new Set<Socket>()
  const smtp = {
    url: `smtp://127.0.0.1:${port}`,
    say: (() => undefined) as Say,
    delivered: [] as string[],
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    void talk(socket, smtp)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return smtp
}

async function talk(socket: Socket, smtp: { say: Say; delivered: string[] }): Promise<void> {
  const answer = async (command: string, agreed: string) => {
    const text = (await smtp.say(command)) ?? agreed
    socket.write(`${text}\r\n`)
    return text.startsWith('2') || text.startsWith('3')
  }
  let recipient = ''
  let inData = false
  await answer('CONNECT', '220 test ESMTP')
  for await (const line of createInterface({ input: socket })) {
    if (inData) {
      if (line !== '.') continue
      inData = false
      if (await answer('MESSAGE', '250 kept')) smtp.delivered.push(recipient)
    } else if (line.startsWith('RCPT TO:')) {
      recipient = line.slice('RCPT TO:<'.length, line.indexOf('>'))
      await answer(line, '250 ok')
    } else if (line === 'DATA') inData = await answer(line, '354 go on')
    else await answer(line, '250 ok')
  }
}
