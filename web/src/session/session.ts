import { ApiError, mayPass } from '../api/errors.ts'
import { type Answer, exchange, request, type Sent } from '../api/request.ts'

/** Tokens as auth answers them to a page: the refresh token stays in a cookie that no script can read. */
export interface Tokens {
  accessToken: string
  /** Seconds. */
  expiresIn: number
}

interface Access {
  token: string
  /** Milliseconds since 1970, by this machine's clock. */
  endsAt: number
}

/** Unknown until `resume` has asked, unreachable where it got no answer. */
export type SessionState = 'unknown' | 'unreachable' | 'signed-out' | 'signed-in'

const CSRF_COOKIE = '__Host-jade_csrf'
/** A token this close to its end may be over before the request has arrived. */
const MARGIN_MS = 15_000

let access: Access | undefined
let state: SessionState = csrf() ? 'unknown' : 'signed-out'
let refreshing: Promise<boolean> | undefined
const listeners = new Set<() => void>()
/** One tab's sign-in or sign-out is every tab's: all have the same cookies. */
const tabs = new BroadcastChannel('session')
tabs.onmessage = ({ data }) => forget(data === 'begun' ? 'unknown' : 'signed-out')
// What a browser brings back as it was left may be somebody else's by now.
addEventListener('pageshow', ({ persisted }) => persisted && forget('unknown'))

export const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const sessionState = (): SessionState => state

/** Somebody has signed in here, whoever was signed in before. */
export function begin(tokens: Tokens): void {
  tabs.postMessage('begun')
  forget('unknown')
  accept(tokens)
}

export function accept({ accessToken, expiresIn }: Tokens): void {
  access = { token: accessToken, endsAt: Date.now() + expiresIn * 1_000 }
  become('signed-in')
}

/** Signs out this page and those of other tabs; the server has been told, or has told us. */
export function end(): void {
  tabs.postMessage('ended')
  forget('signed-out')
}

/** Whether a session goes on: after a reload, and before a token ends. At most one runs at a time. */
export function resume(): Promise<boolean> {
  refreshing ??= refresh().finally(() => {
    refreshing = undefined
  })
  return refreshing
}

/** One exchange in the name of whoever is signed in. */
export const authorized = <Data>(path: string, sent?: Sent): Promise<Answer<Data>> =>
  asSignedIn((token) => request<Data>(path, withToken(token, sent)))

/** As `authorized`, for an answer that is read as it comes. */
export const authorizedStream = (path: string, sent?: Sent): Promise<Response> =>
  asSignedIn((token) => exchange(path, withToken(token, sent)))

/** A token that has ended is renewed silently, once; where the session is over, the page learns it from `sessionState`. */
async function asSignedIn<Result>(send: (token: string | undefined) => Promise<Result>): Promise<Result> {
  if (!access || access.endsAt - MARGIN_MS < Date.now()) await resume()
  try {
    return await send(access?.token)
  } catch (error) {
    if (!isTokenRefused(error) || !(await resume())) throw error
    return send(access?.token)
  }
}

const withToken = (token: string | undefined, sent: Sent = {}): Sent => ({
  ...sent,
  headers: { ...sent.headers, ...(token && { Authorization: `Bearer ${token}` }) },
})

async function refresh(): Promise<boolean> {
  const csrfToken = csrf()
  if (!csrfToken) {
    forget('signed-out')
    return false
  }
  try {
    const headers = { 'X-CSRF-Token': csrfToken }
    accept((await request<Tokens>('/api/v1/auth/refresh', { method: 'POST', headers })).data)
    return true
  } catch (error) {
    if (mayPass(error)) {
      if (!access) become('unreachable')
      throw error
    }
    end()
    return false
  }
}

/** Also how a request proves that it comes from our own page. */
export function csrf(): string | undefined {
  const cookies = document.cookie.split('; ').map((cookie) => cookie.split('='))
  return cookies.find(([name]) => name === CSRF_COOKIE)?.[1]
}

/** The gateway's 401 where a token is over or its session was ended (RFC 6750 §3.1). A step-up's is not one, nor a service's: of a password or a code that is wrong. */
const isTokenRefused = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 401 && error.code === undefined && !error.wantsStepUp

function forget(next: SessionState): void {
  access = undefined
  become(next)
}

function become(next: SessionState): void {
  state = next
  for (const listener of listeners) listener()
}
