import { collectionNames } from '../declarative/collections.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Endpoints } from './reply.ts'

/** `/tags` and `/tags/<tag>`: which entities carry which tag. */
export function tagEndpoints(controlPlane: ControlPlane, tag: string | undefined): Endpoints {
  return {
    GET: () => {
      const entities = controlPlane.entities()
      const data = collectionNames.flatMap((entity_name) =>
        entities[entity_name].flatMap(({ id, tags }) =>
          (tags ?? [])
            .filter((one) => tag === undefined || one === tag)
            .map((one) => ({ entity_id: id, entity_name, tag: one })),
        ),
      )
      return { status: 200, body: { data, next: null } }
    },
  }
}
