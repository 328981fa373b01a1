import { expect } from 'chai'
import { changesBetween, withChanges } from './changes.ts'
import { validate } from './declarative/validate.ts'
import type { Consumer, Entities } from './entities.ts'

const consumer = (id: string, username = id) => ({ id, username }) as Consumer
const { entities: empty } = validate({ _format_version: '3.0' }) as { entities: Entities }
const having = (...consumers: Consumer[]): Entities => ({ ...empty, consumers })

describe('changes', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id) => consumer(id)) as [Consumer, Consumer, Consumer]
  const other = consumer('b', 'renamed')

  const cases: [what: string, before: Entities, after: Entities][] = [
    ['a new entity', having(a), having(a, b)],
    ['another form of an entity', having(a, b, c), having(a, other, c)],
    ['entities that are gone', having(a, b, c), having(b)],
    ['all of these together', having(a, b), having(other, c)],
    ['an entity that was removed and made anew', having(a, b), having(b, a)],
    ['the first entities of a collection', empty, having(a)],
  ]
  for (const [what, before, after] of cases)
    it(`bring about ${what}`, () => {
      expect(withChanges(before, changesBetween(before, after))).to.deep.equal(after)
    })

  it('tell what has changed and nothing else', () => {
    const changes = changesBetween(having(a, b, c), having(a, other))
    expect(changes).to.deep.equal([{ collection: 'consumers', put: [other], gone: ['c'] }])
  })

  it('are none between lists that say the same', () => {
    expect(changesBetween(having(a), having(a))).to.deep.equal([])
  })
})
