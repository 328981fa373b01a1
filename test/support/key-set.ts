import { createServer } from 'node:http'
import type { KeyFolder } from '../../auth/signing-keys/key-folder.ts'
import { freePort } from './ports.ts'

/** Publishes the keys of a folder as auth would, or while `publishing` is false none of them. */
export async function serveKeySet(folder: KeyFolder) {
  const url = `http://127.0.0.1:${await freePort()}`
  const server = createServer(async (_request, response) => {
    const keys = keySet.publishing ? (await folder.read()).map(({ publicJwk }) => publicJwk) : []
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }))
  })
  await new Promise<void>((resolve) => server.listen(Number(new URL(url).port), '127.0.0.1', () => resolve()))
  const keySet = {
    url,
    publishing: true,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return keySet
}
