interface Limits {
  limitMs: number
  maxBytes: number
  headers?: Record<string, string>
}

/** GETs text from one of our own servers: in a given time, no more than so many bytes, and from nowhere it redirects to. */
export async function boundedGet(url: URL, { limitMs, maxBytes, headers = {} }: Limits) {
  const answer = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(limitMs) })
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of answer.body ?? []) {
    length += piece.length
    if (length > maxBytes) throw new Error(`${url.pathname} answers more than ${maxBytes} bytes`)
    pieces.push(piece)
  }
  return { status: answer.status, text: Buffer.concat(pieces).toString() }
}
