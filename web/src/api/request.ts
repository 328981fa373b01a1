import { ApiError, OfflineError } from './errors.ts'

export interface Sent {
  method?: string
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

export interface Answer<Data> {
  data: Data
  meta: {
    total?: number
    totalIsMinimum?: boolean
    page?: number
    limit?: number
    nextCursor?: string
    hasMore?: boolean
  }
  headers: Headers
}

/** One exchange with the public API, without any identity. */
export async function request<Data>(path: string, sent?: Sent): Promise<Answer<Data>> {
  const answer = await exchange(path, sent)
  const content = await answer.json().catch(() => ({}))
  return { data: content.data, meta: content.meta ?? {}, headers: answer.headers }
}

/** As `request`, for an answer whose body is still to be read. Whatever is no success is thrown. */
export async function exchange(path: string, { method = 'GET', body, headers, signal }: Sent = {}): Promise<Response> {
  const json = body === undefined ? undefined : { 'Content-Type': 'application/json' }
  const init = { method, headers: { ...json, ...headers }, body: JSON.stringify(body), signal }
  const answer = await fetch(path, init).catch((cause) => {
    throw cause?.name === 'AbortError' ? cause : new OfflineError('No connection', { cause })
  })
  if (!answer.ok) throw new ApiError(answer.status, await answer.json().catch(() => ({})), answer.headers)
  return answer
}
