import { timeout, url } from '../../declarative/field-types.ts'
import { protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { Field, PluginSchema } from '../../declarative/schema.ts'
import { config, headerName } from '../fields.ts'
import { queue } from '../queue-fields.ts'

const INCOMING = ['gcp', 'ot', 'w3c', 'datadog', 'b3', 'aws', 'jaeger']
const OUTGOING = ['gcp', 'ot', 'w3c', 'datadog', 'b3', 'aws', 'b3-single', 'jaeger']

const endpoint: Field = { ...url, referenceable: true }

const renamed = (name: string, replacement: string, old_default: number): Field => ({
  type: 'integer',
  deprecation: {
    message: `opentelemetry: config.${name} is deprecated, please use config.queue.${replacement} instead`,
    removal_in_version: '4.0',
    old_default,
  },
})

const formatList = (one_of: string[]): Field => ({ type: 'array', elements: { type: 'string', one_of } })

export const schema: PluginSchema = {
  name: 'opentelemetry',
  fields: [
    protocolsHttp,
    config(
      [
        { traces_endpoint: endpoint },
        { logs_endpoint: { ...endpoint, custom_validator: () => 'logs are not sent by this gateway, only traces' } },
        { headers: { type: 'map', keys: headerName, values: { type: 'string', referenceable: true } } },
        {
          resource_attributes: {
            type: 'map',
            keys: { type: 'string', required: true },
            values: { type: 'string', required: true },
          },
        },
        queue({ max_batch_size: 200 }),
        { batch_span_count: renamed('batch_span_count', 'max_batch_size', 200) },
        { batch_flush_delay: renamed('batch_flush_delay', 'max_coalescing_delay', 3) },
        { connect_timeout: { ...timeout, default: 1000 } },
        { send_timeout: { ...timeout, default: 5000 } },
        { read_timeout: { ...timeout, default: 5000 } },
        { http_response_header_for_traceid: { type: 'string' } },
        {
          header_type: {
            type: 'string',
            required: false,
            default: 'preserve',
            one_of: ['preserve', 'ignore', 'b3', 'b3-single', 'w3c', 'jaeger', 'ot', 'aws', 'gcp', 'datadog'],
            deprecation: {
              message: 'opentelemetry: config.header_type is deprecated, please use config.propagation options instead',
              removal_in_version: '4.0',
              old_default: 'preserve',
            },
          },
        },
        { sampling_rate: { type: 'number', required: false, between: [0, 1] } },
        {
          propagation: {
            type: 'record',
            required: true,
            default: { default_format: 'w3c' },
            fields: [
              { extract: formatList(INCOMING) },
              { clear: { type: 'array', elements: { type: 'string' } } },
              { inject: formatList(['preserve', ...OUTGOING]) },
              { default_format: { type: 'string', required: true, one_of: OUTGOING } },
            ],
          },
        },
      ],
      {
        shorthand_fields: [
          {
            endpoint: {
              ...endpoint,
              deprecation: {
                message: 'OpenTelemetry: config.endpoint is deprecated, please use config.traces_endpoint instead',
                removal_in_version: '4.0',
              },
              func: (value: never) => ({ traces_endpoint: value }),
            },
          },
        ],
        entity_checks: [{ at_least_one_of: ['traces_endpoint', 'logs_endpoint'] }],
      },
    ),
  ],
}
