import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { residentMegabytes } from '../memory.ts'
import { type Part, withGateway } from './bench.ts'
import { noPlugins, PLAIN } from './workloads.ts'

const CONNECTIONS = 10_000
const AT_ONCE = 100
/** Megabytes. */
const LIMIT = 300
const REQUEST = `GET ${PLAIN} HTTP/1.1\r\nHost: bench.example.test\r\n\r\n`

/** What connections cost that have been used once and are kept. */
export const idleConnections: Part = {
  name: 'idle',
  run(bench) {
    return withGateway(bench, noPlugins(bench), async ({ url, pid }) => {
      const before = residentMegabytes([pid])
      const sockets: Socket[] = []
      while (sockets.length < CONNECTIONS)
        sockets.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => used(new URL(url))))))
      const memory = residentMegabytes([pid])
      const open = sockets.filter(({ readyState }) => readyState === 'open').length
      for (const socket of sockets) socket.destroy()
      if (open < CONNECTIONS) throw new Error(`${CONNECTIONS - open} connections have not been kept`)
      return [
        {
          what: '10,000 idle keep-alive connections: memory of the gateway, MB (beside none)',
          measured: memory.toFixed(0),
          baseline: before.toFixed(0),
          target: `< ${LIMIT}`,
          met: memory < LIMIT,
        },
      ]
    })
  },
}

/** A connection that has carried one request. */
async function used({ hostname, port }: URL): Promise<Socket> {
  const socket = connect({ host: hostname, port: Number(port) })
  await once(socket, 'connect')
  socket.write(REQUEST)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  if (!answer.toString('latin1').startsWith('HTTP/1.1 200')) throw new Error(`answered ${answer}`)
  return socket.resume()
}
