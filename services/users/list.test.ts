import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { somebody } from '../../test/support/onboarder.ts'
import { type Body, runUsers, type Users } from '../../test/support/users.ts'

describe('the list of members', () => {
  let users: Users
  const mark = randomUUID().slice(0, 8)
  const people = ['Anong', 'Boonsri', 'ชมพู่', 'ดารา', 'Óscar', '100%_off\\'].map((name, index) => ({
    ...somebody({ name: `${name} ${mark}` }),
    email: `${index}-${mark}@example.com`,
    userID: '',
  }))

  before(async function () {
    this.timeout(60_000)
    users = await runUsers()
    for (const person of people) {
      const { userID: _, ...contact } = person
      Object.assign(person, await users.member(contact))
    }
  })
  after(() => users?.stop())

  const list = (query: Record<string, string>) => users.call<Body>(`/api/v1/users?${new URLSearchParams(query)}`)

  async function names(query: Record<string, string>): Promise<string[]> {
    const { body } = await list(query)
    return body.data.map(({ name }) => name.replace(` ${mark}`, ''))
  }

  const found: Record<string, [search: string, names: string[]]> = {
    'a part of a name': ['noN', ['Anong']],
    'a part of a name in Thai': ['มพู', ['ชมพู่']],
    'one character': ['ด', ['ดารา']],
    'an e-mail address': [`1-${mark.toUpperCase()}@example.com`, ['Boonsri']],
    'wildcards as they are': ['100%_', ['100%_off\\']],
    'a backslash as it is': ['off\\', ['100%_off\\']],
    nobody: ['nobody at all', []],
  }
  for (const [what, [search, expected]] of Object.entries(found)) {
    it(`is searched for ${what}`, async () => {
      expect(await names({ search })).to.deep.equal(expected)
    })
  }

  it('is searched for a phone number, stored or as it is dialled', async () => {
    const { phoneNumber = '', name = '' } = people[0] ?? {}
    const dialled = phoneNumber.replace(/\+66(..)(...)(....)/, '0$1-$2 $3')
    for (const search of [phoneNumber, dialled, phoneNumber.slice(4, 10)]) {
      expect((await list({ search })).body.data.map((each) => each.name)).to.deep.equal([name])
    }
  })

  it('is filtered by id and status, both together', async () => {
    const [one] = people
    const userID = one?.userID ?? ''
    expect((await list({ userID, status: 'created' })).body.meta.total).to.equal(1)
    expect((await list({ userID, status: 'disabled' })).body.meta.total).to.equal(0)
  })

  for (const [sort, order] of Object.entries({
    email: [0, 1, 2, 3, 4, 5],
    '-email': [5, 4, 3, 2, 1, 0],
    createdAt: [0, 1, 2, 3, 4, 5],
    '-createdAt': [5, 4, 3, 2, 1, 0],
  })) {
    it(`is sorted by ${sort}`, async () => {
      const { body } = await list({ search: mark, sort })
      expect(body.data.map(({ email }) => Number(email[0]))).to.deep.equal(order)
    })
  }

  it('is sorted by name', async () => {
    const { body } = await list({ search: mark, sort: 'name' })
    const sorted = body.data.map(({ name }) => name)
    expect(sorted).to.have.length(6)
    expect((await list({ search: mark, sort: '-name' })).body.data.map(({ name }) => name)).to.deep.equal(
      sorted.toReversed(),
    )
  })

  it('is paged, each member on one page, also where the sort field is the same for all', async () => {
    const pages = await Promise.all(
      ['1', '2', '3', '4'].map((page) => list({ search: mark, sort: 'status', page, limit: '2' })),
    )
    expect(pages.map(({ body }) => body.data.length)).to.deep.equal([2, 2, 2, 0])
    expect(new Set(pages.flatMap(({ body }) => body.data.map(({ userID }) => userID))).size).to.equal(6)
    expect(pages[0]?.body.meta).to.deep.equal({ page: 1, limit: 2, total: 6 })
  })

  it('shows what a profile shows, newest first, 20 a page', async () => {
    const { body } = await list({})
    expect(body.meta).to.include({ page: 1, limit: 20 })
    expect(body.data[0]).to.have.all.keys(
      'userID name email phoneNumber status confirmedAt createdAt updatedAt'.split(' '),
    )
  })

  for (const query of [
    'colour=red',
    'sort=password',
    'sort=name;drop table users',
    'sort=name&sort=email',
    'status=deleted',
    'userID=1',
    'page=0',
    'page=1.5',
    'limit=101',
    'limit=0',
    'search=%00',
    `search=${'x'.repeat(201)}`,
  ]) {
    it(`refuses ?${query.slice(0, 30)}`, async () => {
      const { status, body } = await users.call<Body>(`/api/v1/users?${query}`)
      expect([status, body.errors[0]?.field]).to.deep.equal([400, query.split('=')[0]])
    })
  }

  it('is searched by the trigram index where many have registered', async () => {
    await users.sql(
      `insert into users.users (id, name, email, phone_number, status)
       select gen_random_uuid(), 'Somebody ' || n, n || '@many.example', '+669' || n, 'created' from generate_series(10000, 19999) n`,
    )
    await users.sql('vacuum analyze users.users')
    const plan = await users.sql<object>(
      `explain select * from users.users where status <> 'deleted'
       and (name || E'\\n' || email || E'\\n' || phone_number) ilike '%body 15000%'`,
    )
    expect(JSON.stringify(plan)).to.include('users_by_text')
  })
})
