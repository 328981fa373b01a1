import { styleText } from 'node:util'

export interface Answer {
  status: number
  headers: Headers
  /** The parsed body; `{}` where there is none. */
  body: { status?: string; message?: string; data?: Record<string, unknown>; errors?: { field: string }[] }
}

export type Send = ReturnType<typeof gatewayClient>

const SHOWN_CHARACTERS = 200

/** Sends requests through the gateway and prints each exchange on two lines. */
export function gatewayClient(base: string) {
  return async function send(
    request: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const [method, path] = request.split(' ') as [string, string]
    const answer = await fetch(base + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    const sent = Object.entries(headers).map(([name, value]) => ` ${name}: ${shorten(value, 20)}`)
    console.log(`  → ${request}${sent.join('')}${body === undefined ? '' : ` ${shorten(JSON.stringify(body))}`}`)
    console.log(
      styleText(answer.ok ? 'green' : 'yellow', `  ← ${answer.status} ${shorten(text.replaceAll(/\s+/g, ' '))}`),
    )
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : {} }
  }
}

const shorten = (text: string, most = SHOWN_CHARACTERS) => (text.length > most ? `${text.slice(0, most)}…` : text)
