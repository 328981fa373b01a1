/** A message that cannot be accepted as HTTP; `status` is what nginx answers to it (494: a header that is too large). */
export class HttpError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'HttpError'
    this.status = status
  }
}
