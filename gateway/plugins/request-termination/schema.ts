import { protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { PluginSchema } from '../../declarative/schema.ts'
import { config, flag, headerName } from '../fields.ts'

type Texts = { message?: string | null; content_type?: string | null; body?: string | null; echo?: boolean }

function combination({ message, content_type, body, echo }: Texts): string | undefined {
  if (message && (content_type || body)) return 'message cannot be used with content_type or body'
  if (content_type && !body) return 'content_type requires a body'
  if (echo && (content_type || body)) return 'echo cannot be used with content_type and body'
  return undefined
}

export const schema: PluginSchema = {
  name: 'request-termination',
  fields: [
    protocolsHttp,
    config(
      [
        { status_code: { type: 'integer', required: true, default: 503, between: [100, 599] } },
        { message: { type: 'string' } },
        { content_type: { type: 'string' } },
        { body: { type: 'string' } },
        { echo: flag(false) },
        { trigger: headerName },
      ],
      { custom_validator: combination },
    ),
  ],
}
