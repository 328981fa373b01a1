import { isIpOrCidr } from '../../declarative/checks/address.ts'
import type { Field, PluginSchema } from '../../declarative/schema.ts'
import { config } from '../fields.ts'

const addresses: Field = {
  type: 'array',
  elements: {
    type: 'string',
    custom_validator: (text: string) => (isIpOrCidr(text) ? undefined : `invalid ip or cidr range: '${text}'`),
  },
}

export const schema: PluginSchema = {
  name: 'ip-restriction',
  fields: [
    {
      protocols: {
        type: 'set',
        required: true,
        default: ['http', 'https', 'tcp', 'tls', 'grpc', 'grpcs'],
        elements: {
          type: 'string',
          one_of: ['grpc', 'grpcs', 'http', 'https', 'tcp', 'tls', 'tls_passthrough', 'udp'],
        },
      },
    },
    config([
      { allow: addresses },
      { deny: addresses },
      { status: { type: 'number', required: false } },
      { message: { type: 'string', required: false } },
    ]),
  ],
  entity_checks: [{ at_least_one_of: ['config.allow', 'config.deny'] }],
}
