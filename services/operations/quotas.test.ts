import { expect } from 'chai'
import { counterAt, quotaFor, quotasOf } from './quotas.ts'

const TIME = Date.UTC(2024, 1, 29, 23, 59, 10, 250)

describe('quota windows', () => {
  const windows: [Parameters<typeof counterAt>[1], start: number, resetsAt: string][] = [
    ['second', Date.UTC(2024, 1, 29, 23, 59, 10), '2024-02-29T23:59:11.000Z'],
    ['minute', Date.UTC(2024, 1, 29, 23, 59), '2024-03-01T00:00:00.000Z'],
    ['hour', Date.UTC(2024, 1, 29, 23), '2024-03-01T00:00:00.000Z'],
    ['day', Date.UTC(2024, 1, 29), '2024-03-01T00:00:00.000Z'],
    ['month', Date.UTC(2024, 1), '2024-03-01T00:00:00.000Z'],
    ['year', Date.UTC(2024, 0), '2025-01-01T00:00:00.000Z'],
  ]
  for (const [period, start, resetsAt] of windows)
    it(`of a ${period} follow the calendar in UTC`, () => {
      const counter = counterAt('acme', period, TIME)
      expect(counter.key).to.equal(`group-quota:acme:${start}:${period}`)
      expect(counter.resetsAt.toISOString()).to.equal(resetsAt)
    })
})

describe('the quota of who is in several groups', () => {
  it('is the one that allows most in the long run, by name where two are alike', () => {
    const quotas = quotasOf({ burst: { minute: 3, day: 4 }, steady: { hour: 100 }, even: { hour: 100 } })
    expect(quotaFor(['burst', 'steady', 'even'], quotas)?.group).to.equal('even')
    expect(quotaFor(['burst', 'steady'], quotas)?.group).to.equal('steady')
    expect(quotaFor(['none'], quotas)).to.equal(undefined)
  })

  it('has the limits that are set, shorter periods first', () => {
    expect(quotasOf({ a: { day: 4, minute: 3, hour: null } })[0]?.limits).to.deep.equal([
      { period: 'minute', limit: 3 },
      { period: 'day', limit: 4 },
    ])
  })
})
