/** A string is sent as text, anything else as JSON; undefined as no body at all. */
export interface Reply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

export interface AdminRequest {
  /** The path's segments, decoded. */
  segments: string[]
  query: URLSearchParams
  contentType: string
  body(): Promise<Buffer>
}

export type Endpoint = (request: AdminRequest) => Reply | Promise<Reply>
/** By method; `HEAD` is answered as `GET` without its body. */
export type Endpoints = Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Endpoint>>

/** Thrown anywhere below the server, which sends it. */
export class Refusal extends Error {
  readonly reply: Reply

  constructor(status: number, body: { message: string } & Record<string, unknown>) {
    super(body.message)
    this.reply = { status, body }
  }
}

export const notFound = (message = 'Not found'): Reply => ({ status: 404, body: { message } })

export const missing = () => new Refusal(404, { message: 'Not found' })
