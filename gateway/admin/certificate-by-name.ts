import { randomUUID } from 'node:crypto'
import { isUuid } from '../declarative/uuid.ts'
import type { ControlPlane } from './control-plane.ts'
import { entityEndpoints } from './entities.ts'
import { readJson } from './json-body.ts'
import { type AdminRequest, type Endpoint, type Endpoints, Refusal } from './reply.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** `/certificates/<…>` and what is below it, where the certificate is named by one of its SNIs. */
export function certificateByName(controlPlane: ControlPlane, segments: string[]): Endpoints | undefined {
  const [top, name, ...below] = segments
  if (top !== 'certificates' || name === undefined || isUuid(name)) return undefined

  const idFor = (method: string): string => {
    const sni = controlPlane.entities().snis.find((one) => one.name === name)
    if (sni) return sni.certificate.id
    if (method === 'PUT') return randomUUID()
    throw new Refusal(404, { message: 'SNI not found' })
  }
  const by = (method: (typeof METHODS)[number]): Endpoint => {
    return (request) => {
      const found = [top, idFor(method), ...below]
      const endpoint = entityEndpoints(controlPlane, found)?.[method]
      if (!endpoint) throw new Refusal(405, { message: 'Method not allowed' })
      const named = method === 'PUT' ? { ...request, body: () => bodyWithName(request, name) } : request
      return endpoint({ ...named, segments: found })
    }
  }
  return Object.fromEntries(METHODS.map((method) => [method, by(method)]))
}

/** A certificate that is written together with names has also the one that it is asked for by. */
async function bodyWithName(request: AdminRequest, name: string): Promise<Buffer> {
  const input = await readJson(request)
  const names = typeof input.snis === 'string' ? [input.snis] : input.snis
  const snis = Array.isArray(names) && !names.includes(name) ? [...names, name] : names
  return Buffer.from(JSON.stringify({ ...input, snis }))
}
