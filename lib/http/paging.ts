import type { Context } from 'koa'
import { type FieldError, invalidInput } from '../errors.ts'

export interface Page {
  page: number
  limit: number
  offset: number
}

const MAX_PAGE = 1_000_000

/** `?page=1&limit=20`, limit at most 100. */
export function paging(ctx: Context): Page {
  const errors: FieldError[] = []
  const read = (field: string, fallback: number, max: number): number => {
    const text = ctx.query[field]
    if (text === undefined) return fallback
    const value = /^\d{1,7}$/.test(String(text)) ? Number(text) : 0
    if (value < 1 || value > max) errors.push({ field, message: `must be a whole number from 1 to ${max}` })
    return value
  }
  const page = read('page', 1, MAX_PAGE)
  const limit = read('limit', 20, 100)
  if (errors.length > 0) throw invalidInput(errors)
  return { page, limit, offset: (page - 1) * limit }
}
