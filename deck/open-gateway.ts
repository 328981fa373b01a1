import { Advice } from '../lib/run-as-command.ts'

export interface Partner {
  name: string
  group: string
  key: string
}

/** Where the Admin API is, and what it asks for if it asks. */
export interface AdminApi {
  url: string
  token: string | undefined
}

const ANSWER_MS = 10_000

/** Lets a partner through a gateway that is running, or changes nothing. The key comes last: before that it opens to nobody. */
export async function openGateway({ name, group, key }: Partner, admin: AdminApi): Promise<void> {
  const { id } = await post(admin, '/consumers', { username: name })
  try {
    await post(admin, `/consumers/${id}/acls`, { group })
    await post(admin, `/consumers/${id}/key-auth`, { key })
  } catch (error) {
    await send(admin, 'DELETE', `/consumers/${id}`)
    throw error
  }
}

async function post(admin: AdminApi, path: string, body: object): Promise<{ id: string }> {
  const answer = await send(admin, 'POST', path, body)
  const entity = (await answer.json()) as { id: string; message: string }
  if (answer.status !== 201) throw new Advice(`the gateway refused: ${entity.message}`)
  return entity
}

async function send({ url, token }: AdminApi, method: string, path: string, body?: object): Promise<Response> {
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
