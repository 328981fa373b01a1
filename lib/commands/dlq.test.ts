import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { type Bus, connectBus } from '../../test/support/bus.ts'
import { type BusNode, busNode, newKind, type Thing } from '../../test/support/bus-node.ts'
import { stack } from '../../test/support/stack.ts'
import { encode } from '../bus/cloud-events.ts'
import { on } from '../bus/consumer.ts'
import { type EventKind, stamp } from '../bus/event.ts'
import { deadLetterTopic } from '../bus/kafka.ts'

interface Result {
  code: number
  out: string
  err: string
}

interface Entry {
  topic: string
  id: string
  time: string
  attempts: number
  group: string
  reason: string
  data?: string
}

describe('npm run dlq', () => {
  let brokers: string
  let other: Bus
  let node: BusNode
  let kind: EventKind<string, Thing>
  const ids = new Map<number, string>()

  before(async () => {
    brokers = (await stack('kafka')).kafka.url
    other = await connectBus(brokers)
  })
  after(() => other.disconnect())
  beforeEach(async () => {
    kind = newKind()
    node = await busNode({ kinds: [kind] })
    for (const n of [1, 2, 3, 4]) await node.publisher.send([deadLetter(n)])
  })
  afterEach(() => node.close())

  function deadLetter(n: number) {
    const event = stamp(kind.of({ id: `key-${n}`, n }))
    ids.set(n, event.id)
    const { headers, ...message } = encode(event, '/test')
    const account = { 'x-error': `Error: no ${n}`, 'x-attempts': '5', 'x-original-topic': kind.type }
    const group = { 'x-consumer-group': 'failing' }
    return { ...message, topic: deadLetterTopic(kind.type), headers: { ...headers, ...account, ...group } }
  }

  const dlq = (...args: string[]): Promise<Result> => run(args, { KAFKA_BROKERS: brokers })
  const listed = async (...args: string[]): Promise<Entry[]> =>
    JSON.parse((await dlq('list', '--topic', kind.type, '--json', ...args)).out)

  it('lists what lies there and why, without the personal data', async () => {
    const entries = await listed()
    expect(entries).to.have.length(4)
    expect(entries[0]).to.include({ topic: kind.type, attempts: 5, group: 'failing', reason: 'Error: no 1' })
    expect(entries[0]?.id).to.equal(ids.get(1))
    expect(entries[0]).not.to.have.property('data')
  })

  it('shows the data when asked to', async () => {
    expect((await listed('--show-data'))[0]?.data).to.equal('{"id":"key-1","n":1}')
  })

  it('prints a line for each dead letter, for people', async () => {
    const { out } = await dlq('list', '--topic', kind.type)
    expect(out.trim().split('\n')).to.have.length(4)
    expect(out).to.include(`${kind.type}  ${ids.get(2)}`)
  })

  it('says so when there are none', async () => {
    expect(await dlq('list', '--topic', `none.${randomUUID()}`)).to.include({ code: 0, out: 'No dead letters\n' })
  })

  it('drops one from the middle and keeps the others as they were', async () => {
    const before = await listed()
    expect(await dlq('drop', '--topic', kind.type, '--id', String(ids.get(3)))).to.include({
      code: 0,
      out: 'dropped 1\n',
    })
    expect(await listed()).to.deep.equal(before.toSpliced(2, 1))
  })

  it('drops all', async () => {
    expect(await dlq('drop', '--topic', kind.type, '--all', '--json')).to.include({ code: 0, out: '{"dropped":4}\n' })
    expect(await listed()).to.deep.equal([])
  })

  it('replays one to the group that failed and to no other, with fresh attempts', async () => {
    const seen = { failing: [] as number[], calm: [] as number[] }
    for (const group of ['failing', 'calm'] as const) {
      await node.consume(
        [
          on(kind, (events) => {
            seen[group].push(...events.map(({ data }) => data.n))
            return Promise.resolve([])
          }),
        ],
        `${group}-${kind.type}`,
      )
    }
    await dlq('drop', '--topic', kind.type, '--all')
    const letter = deadLetter(9)
    await node.publisher.send([
      { ...letter, headers: { ...letter.headers, 'x-consumer-group': `failing-${kind.type}` } },
    ])
    const messages = await other.read(kind.type)

    expect(await dlq('replay', '--topic', kind.type, '--id', String(ids.get(9)))).to.include({
      code: 0,
      out: 'replayed 1\n',
    })
    await until(() => seen.failing.length === 1, { within: 10_000, what: 'the failing group gets it again' })
    await other.publish(kind.of({ id: 'key-9', n: 10 }))
    const bothGoOn = () => seen.failing.length === 2 && seen.calm.length === 1
    await until(bothGoOn, { within: 10_000, what: 'both groups get what comes after' })
    expect(seen).to.deep.equal({ failing: [9, 10], calm: [10] })
    expect(messages[0]?.headers).not.to.have.any.keys('x-attempts', 'x-error', 'x-original-topic')
    expect(await listed()).to.deep.equal([])
  })

  it('replays all', async () => {
    const messages = await other.read(kind.type)
    expect(await dlq('replay', '--topic', kind.type, '--all')).to.include({ code: 0, out: 'replayed 4\n' })
    await until(() => messages.length === 4, { within: 10_000, what: 'all are back in their topic' })
    expect(await listed()).to.deep.equal([])
  })

  const mistakes: [string, string[], number, RegExp][] = [
    ['an id that nobody has', ['drop', '--id', 'nobody'], 1, /^No dead letter has the id nobody: npm run dlq -- list/],
    ['no choice of which', ['drop'], 2, /^Say which, by --id ID or --all/],
    ['both choices', ['replay', '--all', '--id', 'x'], 2, /^Say which, by --id ID or --all/],
    ['an unknown command', ['burn'], 2, /^Unknown command burn/],
    ['an unknown option', ['list', '--everything'], 2, /^Unknown option '--everything'/],
    ['one argument too many', ['list', 'all'], 2, /^Unknown argument all/],
  ]
  for (const [what, args, code, advice] of mistakes) {
    it(`refuses ${what} with one line of advice`, async () => {
      const result = await dlq(...args)
      expect(result.code).to.equal(code)
      expect(result.err).to.match(advice)
      expect(result.err.trim().split('\n')).to.have.length(1)
    })
  }

  it('says on one line what to do when Kafka does not answer', async () => {
    const result = await run(['list'], { KAFKA_BROKERS: '127.0.0.1:1' })
    expect(result).to.include({
      code: 1,
      err: 'Kafka does not answer: start it, or set KAFKA_BROKERS to where it runs\n',
    })
  })

  it('names the variable that it misses', async () => {
    const result = await run(['list'], {})
    expect(result.code).to.equal(1)
    expect(result.err).to.include('KAFKA_BROKERS')
  })

  it('explains itself', async () => {
    const result = await run(['--help'], {})
    expect(result.code).to.equal(0)
    for (const word of ['list', 'replay', 'drop', '--topic', '--json', '--show-data'])
      expect(result.out).to.include(word)
  })
})

function run(args: string[], env: Record<string, string>): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['lib/commands/dlq.ts', ...args], { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err })
    })
  })
}
