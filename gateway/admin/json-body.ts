import { isObject } from '../declarative/is-object.ts'
import type { Fields } from './fields.ts'
import { type AdminRequest, Refusal } from './reply.ts'

/** JSON alone: a web page cannot send that to another origin without asking first. No body is an empty object. */
export async function readJson(request: AdminRequest): Promise<Fields> {
  const text = (await request.body()).toString('utf8')
  if (text === '') return {}
  if (!/^application\/json\b/i.test(request.contentType))
    throw new Refusal(415, { message: 'send the body as application/json' })
  const body = parsed(text)
  if (!isObject(body)) throw new Refusal(400, { message: 'Cannot parse JSON body' })
  return body
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
