import { expect } from 'chai'
import { type RedisServer, startRedis } from '../redis-server.ts'
import { countInRedis } from './count-in-redis.ts'
import { type Limit, limitsAt } from './counting.ts'

describe('counting in Redis', () => {
  let redis: RedisServer
  const limits = (counter: string, second: number, minute: number): Limit[] =>
    limitsAt(
      [
        { period: 'second', limit: second },
        { period: 'minute', limit: minute },
      ],
      counter,
      Date.now() + 3_600_000,
    )
  const atOnce = (times: number, asked: Limit[]) =>
    Promise.all(Array.from({ length: times }, () => countInRedis(redis.client, asked, Date.now)))

  before(async () => {
    redis = await startRedis()
  })
  after(() => redis.stop())

  it('tells simultaneous requests what each would have heard had they come one by one', async () => {
    const asked = limits('a', 3, 10)
    expect(await countInRedis(redis.client, asked, Date.now)).to.deep.equal([0, 0])
    expect(await atOnce(4, asked)).to.deep.equal([
      [1, 1],
      [2, 2],
      [3, 3],
      [3, 3],
    ])
  })

  it('counts refused requests in no window', async () => {
    const asked = limits('b', 5, 2)
    await atOnce(10, asked)
    expect(await redis.client.mget(asked.map(({ key }) => key))).to.deep.equal(['2', '2'])
    expect(await countInRedis(redis.client, asked, Date.now)).to.deep.equal([2, 2])
  })

  it('keeps apart who is counted, and by which limits', async () => {
    const [low, high, other] = [limits('c', 1, 9), limits('c', 2, 9), limits('d', 1, 9)]
    const counted = await Promise.all(
      [low, low, high, other].map((asked) => countInRedis(redis.client, asked, Date.now)),
    )
    expect(counted).to.deep.equal([
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ])
  })

  it('lets a counter end with its window', async () => {
    const asked = limits('e', 1, 9)
    await countInRedis(redis.client, asked, Date.now)
    const ends = await Promise.all(asked.map(({ key }) => redis.client.pexpiretime(key)))
    expect(ends).to.deep.equal(asked.map(({ window }) => window.end))
  })

  it('takes a limit that is no whole number for the next one that is', async () => {
    expect(await atOnce(4, limits('f', 1.5, 9))).to.deep.equal([
      [0, 0],
      [1, 1],
      [2, 2],
      [2, 2],
    ])
  })

  it('goes on where Redis has forgotten the script', async () => {
    await redis.client.script('FLUSH')
    expect(await countInRedis(redis.client, limits('g', 1, 9), Date.now)).to.deep.equal([0, 0])
  })
})
