import { Ajv, type ErrorObject, type JSONSchemaType } from 'ajv'
import formats from 'ajv-formats'
import { type FieldError, invalidInput } from './errors.ts'
import { isThaiID } from './thai-id.ts'

const ajv = new Ajv({ allErrors: true, strict: true })
formats.default(ajv, ['email', 'uuid', 'date-time'])
ajv.addFormat('e164', /^\+[1-9]\d{6,14}$/)
ajv.addFormat('thai-id', isThaiID)
// Nor half surrogate pairs, nor what turns the direction of all that follows (UAX #9 §2.1–2.4).
ajv.addFormat('single-line', /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u)

const FORMAT_MESSAGES: Record<string, string> = {
  email: 'must be a valid e-mail address',
  uuid: 'must be a UUID',
  e164: 'must be a valid phone number',
  'thai-id': 'must be 13 digits with a right check digit',
  'single-line': 'must not contain control characters',
}

/** Validates data against a JSON Schema: gives the data back typed, or every violation, each with the field it is in. */
export function compile<T>(schema: JSONSchemaType<T>): (data: unknown) => { value: T } | { errors: FieldError[] } {
  const check = ajv.compile(schema)
  return (data) => (check(data) ? { value: data } : { errors: (check.errors ?? []).map(fieldError) })
}

/** As `compile`, for a client's input: throws the 400 that names every bad field. */
export function validator<T>(schema: JSONSchemaType<T>): (data: unknown) => T {
  const check = compile(schema)
  return (data) => {
    const result = check(data)
    if ('errors' in result) throw invalidInput(result.errors)
    return result.value
  }
}

function fieldError({ instancePath, keyword, params, message }: ErrorObject): FieldError {
  const parent = instancePath.slice(1).replaceAll('/', '.')
  const own = keyword === 'required' ? params['missingProperty'] : params['additionalProperty']
  const field = [parent, own].filter(Boolean).join('.') || 'body'
  if (keyword === 'required') return { field, message: 'is required' }
  if (keyword === 'additionalProperties') return { field, message: 'is not a known field' }
  if (keyword === 'enum') return { field, message: `must be one of: ${params['allowedValues'].join(', ')}` }
  const format = keyword === 'format' ? FORMAT_MESSAGES[params['format']] : undefined
  return { field, message: format ?? message ?? 'is invalid' }
}
