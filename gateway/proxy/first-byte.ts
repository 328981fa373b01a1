import type { Socket } from 'node:net'

/** RFC 8446 §5.1: the content type of a handshake. */
const HANDSHAKE = 22

/** Calls back with whether the client begins a TLS handshake, once it has sent something; leaves everything to be read. */
export function whenBegun(socket: Socket, told: (isHandshake: boolean) => void): void {
  socket.once('readable', () => {
    const begun: Buffer | null = socket.read()
    if (begun === null) {
      socket.destroy()
      return
    }
    socket.unshift(begun)
    told(begun[0] === HANDSHAKE)
  })
}
