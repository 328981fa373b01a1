import { Advice } from '../lib/run-as-command.ts'

/** Where the Admin API is, and what it asks for if it asks. */
export interface AdminApi {
  url: string
  token: string | undefined
}

const ANSWER_MS = 10_000

/** One request to the gateway's Admin API, Kong's or the embedded one's. */
export async function send({ url, token }: AdminApi, method: string, path: string, body?: object): Promise<Response> {
  try {
    return await fetch(new URL(path, url), {
      method,
      headers: { 'content-type': 'application/json', ...(token && { 'Kong-Admin-Token': token }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
    })
  } catch {
    throw new Advice(`no Admin API at ${url}; start the platform with npm start`)
  }
}

/** Creates an entity; throws what the gateway has against it. */
export async function post(admin: AdminApi, path: string, body: object): Promise<{ id: string }> {
  const answer = await send(admin, 'POST', path, body)
  const entity = (await answer.json()) as { id: string; message: string }
  if (answer.status !== 201) throw new Advice(`the gateway refused: ${entity.message}`)
  return entity
}
