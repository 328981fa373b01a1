/** One field of a client's input and what is wrong with it. */
export interface FieldError {
  field: string
  message: string
}

/** An error that a client may be told about. `status` decides whether its message is shown: below 500 it is. */
export class HttpError extends Error {
  readonly status: number
  readonly code: string
  readonly errors: FieldError[] | undefined
  readonly headers: Record<string, string>

  constructor(
    status: number,
    code: string,
    message: string,
    options: { errors?: FieldError[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'HttpError'
    this.status = status
    this.code = code
    this.errors = options.errors
    this.headers = options.headers ?? {}
  }

  get expose(): boolean {
    return this.status < 500 || this.status === 503
  }
}

export const invalidInput = (errors: FieldError[]) =>
  new HttpError(400, 'INVALID_INPUT', 'Invalid input data', { errors })

/** A dependency does not answer now. Over HTTP it is a 503; a consumer waits and tries again without counting an attempt. */
export class Unavailable extends HttpError {
  constructor(dependency: string, cause?: unknown) {
    super(503, 'UNAVAILABLE', `${dependency} is unavailable, try again shortly`, {
      headers: { 'Retry-After': '5' },
      cause,
    })
    this.name = 'Unavailable'
  }
}
