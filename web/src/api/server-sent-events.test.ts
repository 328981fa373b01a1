import { expect } from 'chai'
import { serverSentEvents } from './server-sent-events.ts'

describe('server-sent events', () => {
  it('come out whole, wherever the stream is cut', async () => {
    const bytes = new TextEncoder().encode('data: {"a":"ก"}\n\n: comment\n\ndata: second\n\ndata: unfinished')
    for (let at = 0; at <= bytes.length; at++) {
      const { body } = new Response(new Blob([bytes]).stream().pipeThrough(cutAt(at)))
      const events: string[] = []
      for await (const event of serverSentEvents(body as ReadableStream<Uint8Array>)) events.push(event)
      expect(events, `cut at ${at}`).to.deep.equal(['{"a":"ก"}', 'second'])
    }
  })
})

const cutAt = (at: number) =>
  new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      controller.enqueue(bytes.slice(0, at))
      controller.enqueue(bytes.slice(at))
    },
  })
