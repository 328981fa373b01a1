import { Advice, Away } from '../lib/run-as-command.ts'

/** Where the Admin API is, and what it asks for if it asks. */
export interface AdminApi {
  url: string
  token: string | undefined
  /** Ends what is asked of it. */
  signal?: AbortSignal
}

interface Answer<Body> {
  status: number
  body: Body
}

const ANSWER_MS = 10_000

/** One request to the gateway's Admin API, Kong's or the embedded one's. */
export async function send<Body>(admin: AdminApi, method: string, path: string, body?: object): Promise<Answer<Body>> {
  const { url, token, signal } = admin
  try {
    const answer = await fetch(new URL(path, url), {
      method,
      headers: { 'content-type': 'application/json', ...(token && { 'Kong-Admin-Token': token }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([AbortSignal.timeout(ANSWER_MS), ...(signal ? [signal] : [])]),
    })
    const text = await answer.text()
    return { status: answer.status, body: text && JSON.parse(text) }
  } catch {
    throw new Away(`no Admin API at ${url}; start the platform with npm start`)
  }
}

/** Creates an entity; throws what the gateway has against it. */
export async function post(admin: AdminApi, path: string, body: object): Promise<{ id: string }> {
  const { status, body: entity } = await send<{ id: string; message: string }>(admin, 'POST', path, body)
  if (status !== 201) throw new Advice(`the gateway refused: ${entity.message}`)
  return entity
}
