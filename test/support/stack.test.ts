import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { Kafka, logLevel } from 'kafkajs'
import { createTransport } from 'nodemailer'
import pg from 'pg'
import { query } from '../../dev/stack/postgres.ts'
import { until } from '../../dev/stack/until.ts'
import { dir, type Stack, stack } from './stack.ts'

describe('test stack', () => {
  describe('Postgres', () => {
    it('keeps what was committed when it is stopped, and gives every caller an empty database', async () => {
      const { postgres } = await stack('postgres')
      const [first, second] = [await postgres.createDatabase(), await postgres.createDatabase()]
      await query(first, 'create table kept as select 42 as answer')
      await postgres.stop()
      expect(await failure(query(first, 'select 1'))).to.match(/ECONNREFUSED/)
      await postgres.start()
      expect(await query(first, 'select answer from kept')).to.deep.equal([{ answer: 42 }])
      expect(await query(second, "select from pg_tables where schemaname = 'public'")).to.deep.equal([])
    })

    it('starts again after a kill once the last of its sessions has noticed', async () => {
      const { postgres } = await stack('postgres')
      const session = new pg.Client(await postgres.createDatabase())
      session.on('error', () => undefined) // its server is about to be killed
      await session.connect()
      const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid')
      const pid = rows[0]?.pid as number
      process.kill(pid, 'SIGSTOP')
      await postgres.kill()
      const log = join(dir, 'logs/postgres.log')
      const refused = () => readFileSync(log, 'utf8').includes('pre-existing shared memory block')
      const started = postgres.start()
      await until(refused, { within: 10_000, what: 'the session keeps the server from starting' })
      process.kill(pid, 'SIGCONT')
      await started
      await session.end()
    })
  })

  describe('Redis', () => {
    it('keeps what was written when it is stopped, and gives every caller an empty database', async () => {
      const { redis } = await stack('redis')
      const [first, second] = [redis.createDatabase(), redis.createDatabase()]
      await withRedis(first, (client) => client.set('kept', '42'))
      await redis.stop()
      await redis.start()
      expect(await withRedis(first, (client) => client.get('kept'))).to.equal('42')
      expect(await withRedis(second, (client) => client.get('kept'))).to.equal(null)
    })
  })

  describe('Kafka', () => {
    for (const end of ['stop', 'kill'] as const) {
      it(`keeps what it acknowledged over a ${end}`, async () => {
        const { kafka } = await stack('kafka')
        const topic = `kept-${end}`
        await withKafka(kafka, async (client) => {
          const admin = client.admin()
          await admin.connect()
          await admin.createTopics({ topics: [{ topic }], waitForLeaders: true })
          await admin.disconnect()
          const producer = client.producer({ idempotent: true })
          await producer.connect()
          await producer.send({ topic, acks: -1, messages: [{ key: 'k', value: '42' }] })
          await producer.disconnect()
        })
        await kafka[end]()
        await kafka.start()
        expect(await withKafka(kafka, (client) => firstValue(client, topic))).to.equal('42')
      })
    }

    it('creates no topic that nobody declared', async () => {
      const { kafka } = await stack('kafka')
      await withKafka(kafka, async (client) => {
        const producer = client.producer({ retry: { retries: 0 } })
        await producer.connect()
        const error = await failure(producer.send({ topic: 'undeclared', messages: [{ value: 'x' }] }))
        await producer.disconnect()
        expect(error).to.match(/does not host this topic-partition/)
      })
    })
  })

  describe('mail', () => {
    it('keeps the inbox when it is stopped', async () => {
      const { mail } = await stack('mail')
      const subject = `สวัสดี ${randomUUID()}`
      const arrived = async () => (await inbox(mail)).some((message) => message.subject === subject)
      const transport = createTransport(mail.url)
      await transport.sendMail({ from: 'a@example.com', to: 'b@example.com', subject, text: 'kept' })
      transport.close()
      await until(arrived, { within: 20_000, what: 'the mail arrives' })
      await mail.stop()
      await mail.start()
      await until(arrived, { within: 20_000, what: 'the inbox is read again' })
    })
  })
})

const failure = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'no failure',
    (error) => `${error.code} ${error.message}`,
  )

async function withRedis<T>(url: string, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url)
  try {
    return await use(client)
  } finally {
    client.disconnect()
  }
}

const withKafka = <T>({ url }: Stack['kafka'], use: (client: Kafka) => Promise<T>): Promise<T> =>
  use(new Kafka({ brokers: [url], logLevel: logLevel.NOTHING }))

async function firstValue(client: Kafka, topic: string): Promise<string> {
  const consumer = client.consumer({ groupId: `reads-${topic}` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const value = await new Promise<string>((resolve) => {
    consumer.run({ eachMessage: async ({ message }) => resolve(String(message.value)) })
  })
  await consumer.disconnect()
  return value
}

async function inbox({ web }: Stack['mail']): Promise<{ subject: string }[]> {
  return (await (await fetch(`${web}/email`)).json()) as { subject: string }[]
}
