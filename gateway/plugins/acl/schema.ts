import { noConsumer, protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { PluginSchema } from '../../declarative/schema.ts'
import { config, flag } from '../fields.ts'

export const schema: PluginSchema = {
  name: 'acl',
  fields: [
    noConsumer,
    protocolsHttp,
    config([
      { allow: { type: 'array', elements: { type: 'string' } } },
      { deny: { type: 'array', elements: { type: 'string' } } },
      { hide_groups_header: flag(false) },
      { always_use_authenticated_groups: flag(false) },
    ]),
  ],
  entity_checks: [
    { only_one_of: ['config.allow', 'config.deny'] },
    { at_least_one_of: ['config.allow', 'config.deny'] },
  ],
}
