import jsQR from 'jsqr'
import { generate } from 'otplib'
import { PNG } from 'pngjs'

/** What an authenticator app reads from a QR code, given as a PNG's data URL. */
export function scan(dataUrl: string): URL {
  const { data, width, height } = PNG.sync.read(Buffer.from(dataUrl.split(',')[1] ?? '', 'base64'))
  const found = jsQR.default(new Uint8ClampedArray(data), width, height)
  if (!found) throw new Error('The picture holds no QR code')
  return new URL(found.data)
}

const STEP_SECONDS = 30

/** The codes of one secret, each a step later than the one before: a code works once, and the next step's is within the tolerated drift. */
export function authenticator(secret: string): () => Promise<string> {
  let used = -1
  return () => {
    const now = Date.now() / 1000
    const step = Math.max(Math.floor(now / STEP_SECONDS), used + 1)
    used = step
    return generate({ secret, epoch: step * STEP_SECONDS })
  }
}
