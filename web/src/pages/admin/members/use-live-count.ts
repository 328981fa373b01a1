import { useEffect, useState } from 'react'
import { serverSentEvents } from '../../../api/server-sent-events.ts'
import { authorizedStream } from '../../../session/session.ts'

const PATH = '/api/v1/users/registrations/live'
const COME_BACK_AFTER_MS = 3_000

/** Registrations in the last minute, as the server counts them; undefined while it is not heard. */
export function useLiveCount(): number | undefined {
  const [count, setCount] = useState<number>()
  useEffect(() => {
    const leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const listen = async () => {
      try {
        const { body } = await authorizedStream(PATH, { signal: leaving.signal })
        if (body) for await (const event of serverSentEvents(body)) setCount(JSON.parse(event).perMinute)
      } catch {
        setCount(undefined)
      }
      if (!leaving.signal.aborted) timer = setTimeout(listen, COME_BACK_AFTER_MS)
    }
    listen()
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [])
  return count
}
