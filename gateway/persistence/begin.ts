import { validate } from '../declarative/validate.ts'
import type { Entities } from '../entities.ts'
import type { Log } from '../plugin.ts'
import type { Store } from './store.ts'

interface BeginOptions {
  declared: Entities
  declaration: string
  store: Pick<Store, 'read'>
  log: Log
}

/** What a gateway that starts has to serve: what is declared, or what was made of just this declaration through the Admin API. */
export async function initialEntities({ declared, declaration, store, log }: BeginOptions): Promise<Entities> {
  const kept = await store.read()
  if (kept === undefined) return declared
  if (kept.declaration !== declaration) {
    log.warn('the declaration has changed: what was kept from the Admin API is not served')
    return declared
  }
  // Checked as any other config: another version of the gateway may have written it.
  const { entities, errors } = validate({
    ...{ _format_version: '3.0', _transform: false },
    ...(kept.entities as object),
  })
  if (errors)
    log.error('what was kept from the Admin API is refused, and not served', { reason: JSON.stringify(errors) })
  return entities ?? declared
}
