import { expect } from 'chai'
import { type Body, runUsers, type Users } from '../../test/support/users.ts'

const MANY = 12_000

describe('the list of many members', () => {
  let users: Users

  before(async function () {
    this.timeout(60_000)
    users = await runUsers()
    await users.sql(
      `insert into users.users (id, name, email, phone_number, status, created_at)
       select gen_random_uuid(), 'Member ' || n, lpad(n::text, 5, '0') || '@many.example', '+669' || 10000000 + n,
         case when n % 100 = 0 then 'disabled' else 'confirmed' end, timestamptz '2026-01-01' + n * interval '1 minute'
       from generate_series(1, ${MANY}) n`,
    )
    await users.sql('vacuum analyze users.users')
  })
  after(() => users?.stop())

  const list = async (query: Record<string, string>) =>
    (await users.call<Body>(`/api/v1/users?${new URLSearchParams({ limit: '100', ...query })}`)).body
  const numbers = async (query: Record<string, string>) =>
    (await list(query)).data.map(({ email }) => Number(email.slice(0, 5)))
  const from = (first: number, step = 1) => Array.from({ length: 100 }, (_, index) => first + index * step)

  it('has the right rows on the first page, on both sides of the middle, on the last page and behind it', async () => {
    for (const page of [1, 60, 61, 120]) {
      const first = (page - 1) * 100 + 1
      expect(await numbers({ sort: 'createdAt', page: String(page) })).to.deep.equal(from(first))
      expect(await numbers({ sort: '-email', page: String(page) })).to.deep.equal(from(MANY + 1 - first, -1))
    }
    expect(await numbers({ sort: 'email', page: '121' })).to.deep.equal([])
  })

  it('has a last page of what is left', async () => {
    expect(await numbers({ sort: 'createdAt', page: '134', limit: '90' })).to.deep.equal(from(11_971).slice(0, 30))
  })

  it('has the right rows of one status', async () => {
    expect(await numbers({ sort: 'email', status: 'disabled', page: '2', limit: '60' })).to.deep.equal(
      from(6_100, 100).slice(0, 60),
    )
    expect((await numbers({ sort: '-name', status: 'confirmed', page: '119' })).length).to.equal(80)
  })

  it('counts all of them, and of one status', async () => {
    expect((await list({})).meta).to.deep.equal({ page: 1, limit: 100, total: MANY })
    expect((await list({ status: 'confirmed' })).meta.total).to.equal(MANY - MANY / 100)
    expect((await list({ status: 'disabled' })).meta.total).to.equal(MANY / 100)
  })

  it('searches the newest of many matches, and says that there are more', async () => {
    const { data, meta } = await list({ search: 'many.example', sort: 'email', page: '2' })
    expect(meta).to.deep.equal({ page: 2, limit: 100, total: 500, totalIsMinimum: true })
    expect(data[0]?.email).to.equal(`${MANY - 500 + 101}@many.example`)
    expect((await list({ search: 'many.example', page: '6' })).data).to.deep.equal([])
  })

  it('searches the oldest of many matches where the oldest come first', async () => {
    expect(await numbers({ search: 'many.example', sort: 'createdAt' })).to.deep.equal(from(1))
  })

  it('counts exactly where no more than 500 match', async () => {
    expect((await list({ search: 'Member 12' })).meta).to.deep.equal({ page: 1, limit: 100, total: 112 })
  })

  it('searches fewer than three characters where a word, an address or a number begins', async () => {
    await users.sql(`update users.users set name = 'Óscar Xu', phone_number = '+818099' where email like '00007@%'`)
    for (const search of ['xU', 'ó', 'Ós', '+8']) expect(await numbers({ search })).to.deep.equal([7])
    expect(await numbers({ search: 'u' })).to.deep.equal([])
  })
})
