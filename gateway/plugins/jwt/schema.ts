import { noConsumer, protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { PluginSchema } from '../../declarative/schema.ts'
import { anonymous, config, flag, realm, runOnPreflight } from '../fields.ts'

const YEAR = 31536000

export const schema: PluginSchema = {
  name: 'jwt',
  fields: [
    noConsumer,
    protocolsHttp,
    config([
      { uri_param_names: { type: 'set', elements: { type: 'string' }, default: ['jwt'] } },
      { cookie_names: { type: 'set', elements: { type: 'string' }, default: [] } },
      { key_claim_name: { type: 'string', default: 'iss' } },
      { secret_is_base64: flag(false) },
      { claims_to_verify: { type: 'set', elements: { type: 'string', one_of: ['exp', 'nbf'] } } },
      anonymous,
      runOnPreflight,
      { maximum_expiration: { type: 'number', default: 0, between: [0, YEAR] } },
      { header_names: { type: 'set', elements: { type: 'string' }, default: ['authorization'] } },
      realm,
    ]),
  ],
  entity_checks: [
    {
      conditional: {
        if_field: 'config.maximum_expiration',
        if_match: { gt: 0 },
        then_field: 'config.claims_to_verify',
        then_match: { contains: 'exp' },
      },
    },
  ],
}
