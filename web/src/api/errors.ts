export interface FieldError {
  field: string
  message: string
}

/** An answer that is no success, from a service or from the gateway, in one form. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  /** A service's code; the gateway's refusals have none. */
  readonly code: string | undefined
  readonly fields: FieldError[]
  /** Seconds, where the answer says when to come back. */
  readonly retryAfter: number | undefined
  /** A fresh second factor would let the request through (RFC 9470 §3). */
  readonly wantsStepUp: boolean

  constructor(status: number, body: ErrorBody, headers: Headers) {
    super(body.message ?? `HTTP ${status}`)
    this.status = status
    this.code = body.code
    this.fields = body.errors ?? []
    const seconds = Number(headers.get('Retry-After') ?? Number.NaN)
    this.retryAfter = Number.isFinite(seconds) ? seconds : undefined
    this.wantsStepUp = headers.get('WWW-Authenticate')?.includes('insufficient_user_authentication') ?? false
  }
}

export interface ErrorBody {
  message?: string
  code?: string
  errors?: FieldError[]
}

/** Whether an answer found fault with this field. */
export const faults = (error: unknown, field: string): boolean =>
  error instanceof ApiError && error.fields.some((fault) => fault.field === field)

/** Asked again, it may go otherwise. */
export const mayPass = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status >= 500 || error.status === 429

/** Null where there is no such thing: an answer, too. */
export const unlessGone = <Result>(answer: Promise<Result>): Promise<Result | null> =>
  answer.catch((error) => {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  })

/** The network did not bring an answer. */
export class OfflineError extends Error {
  override name = 'OfflineError'
}
