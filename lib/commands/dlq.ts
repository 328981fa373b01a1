import { type DeadLetter, readDeadLetters, remove, replay } from '../bus/dead-letters.ts'
import { createKafka, type Kafka } from '../bus/kafka.ts'
import { createPublisher, type Publisher } from '../bus/publisher.ts'
import { createLog } from '../log.ts'
import { Advice, misused, readArguments, runAsCommand } from '../run-as-command.ts'
import { loadConfig } from './config.ts'

const HELP = `Dead letters: events that could not be handled, each with the reason.

  npm run dlq -- list   [--topic T] [--show-data]
  npm run dlq -- replay [--topic T] (--id ID | --all)   back to the consumer that failed, to be tried afresh
  npm run dlq -- drop   [--topic T] (--id ID | --all)   for good

  --topic T      only those of topic T, e.g. user.created
  --json         print JSON
  --show-data    print the events' data too, which is personal
Reads KAFKA_BROKERS (host:port[,host:port…]).`

const COMMAND = 'dlq'

type Options = ReturnType<typeof readOptions>['values']

const readOptions = () =>
  readArguments(
    {
      allowPositionals: true,
      options: {
        topic: { type: 'string' },
        id: { type: 'string' },
        all: { type: 'boolean' },
        json: { type: 'boolean' },
        'show-data': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    },
    COMMAND,
  )

async function main(): Promise<string> {
  const { values, positionals } = readOptions()
  const [action, ...rest] = positionals
  if (values.help || action === undefined) return HELP
  if (rest.length > 0) throw misused(`Unknown argument ${rest[0]}`, COMMAND)
  const { KAFKA_BROKERS } = loadConfig()
  const log = createLog({ service: COMMAND, level: 'error' })
  const kafka = createKafka({ brokers: KAFKA_BROKERS, clientId: COMMAND, log })
  if (action === 'list') return list(await readDeadLetters(kafka, { topic: values.topic }), values)
  if (action !== 'replay' && action !== 'drop') throw misused(`Unknown command ${action}`, COMMAND)
  if ((values.id === undefined) === !values.all) throw misused('Say which, by --id ID or --all', COMMAND)
  const publisher = createPublisher({ kafka, source: '/commands/dlq', log })
  await publisher.connect()
  try {
    return await settle(action, values, { kafka, publisher })
  } finally {
    await publisher.stop()
  }
}

function list(letters: DeadLetter[], { json, 'show-data': showData }: Options): string {
  const entries = letters.map(({ origin: topic, id, parkedAt, attempts, group, reason, message }) => {
    const entry = { topic, id, time: parkedAt.toISOString(), attempts, group, reason }
    return showData ? { ...entry, data: message.value?.toString() ?? null } : entry
  })
  if (json) return JSON.stringify(entries, undefined, 2)
  return entries.map((entry) => Object.values(entry).join('  ')).join('\n') || 'No dead letters'
}

async function settle(
  action: 'replay' | 'drop',
  { topic, id, json }: Options,
  { kafka, publisher }: { kafka: Kafka; publisher: Publisher },
): Promise<string> {
  const all = await readDeadLetters(kafka, { topic })
  const chosen = all.filter((letter) => id === undefined || letter.id === id)
  if (id !== undefined && chosen.length === 0) {
    throw new Advice(`No dead letter has the id ${id}: npm run dlq -- list shows those there are`)
  }
  if (action === 'replay') await replay(chosen, publisher)
  await remove(chosen, { all, kafka, publisher })
  const done = action === 'replay' ? 'replayed' : 'dropped'
  return json ? JSON.stringify({ [done]: chosen.length }) : `${done} ${chosen.length}`
}

await runAsCommand(main, 'Kafka does not answer: start it, or set KAFKA_BROKERS to where it runs')
