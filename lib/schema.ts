import { Ajv, type ErrorObject, type JSONSchemaType } from 'ajv'
import formats from 'ajv-formats'
import { type FieldError, invalidInput } from './errors.ts'

const ajv = new Ajv({ allErrors: true, strict: true })
formats.default(ajv, ['email', 'uuid', 'date-time'])

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
  return { field, message: message ?? 'is invalid' }
}
