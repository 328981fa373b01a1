import { protocolsAny } from '../../declarative/plugin-fields.ts'
import type { Field, PluginSchema } from '../../declarative/schema.ts'
import { config } from '../fields.ts'

const off: Field = { type: 'boolean', default: false }

export const schema: PluginSchema = {
  name: 'prometheus',
  fields: [
    protocolsAny,
    config([
      { per_consumer: off },
      { status_code_metrics: off },
      { ai_metrics: off },
      { latency_metrics: off },
      { bandwidth_metrics: off },
      { upstream_health_metrics: off },
    ]),
  ],
}
