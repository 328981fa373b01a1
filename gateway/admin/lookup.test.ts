import { expect } from 'chai'
import type { Entity } from '../entities.ts'
import { having, withEntity, withId, without } from './lookup.ts'

const route = (id: string, name: string, service: string | null): Entity =>
  ({ id, name, service: service && { id: service } }) as unknown as Entity

describe('entities by what they have in their fields', () => {
  const list = [route('1', 'a', 's'), route('2', 'b', 's'), route('3', 'c', null)]
  const ids = (found: Iterable<Entity>) => [...found].map(({ id }) => id)

  it('are found by a value, by a reference, and by several together', () => {
    expect(ids(having(list, ['name'], 'b'))).to.deep.equal(['2'])
    expect(ids(having(list, ['service'], 's'))).to.deep.equal(['1', '2'])
    expect(ids(having(list, ['service'], null))).to.deep.equal(['3'])
    expect(ids(having(list, ['service', 'name'], { id: 's' }, 'b'))).to.deep.equal(['2'])
    expect(ids(having(list, ['name'], 'nobody'))).to.deep.equal([])
  })

  it('are found in each list as they stand there, however often it is edited', () => {
    ids(having(list, ['name'], 'b'))
    const renamed = withEntity(list, route('2', 'z', 's'))
    const grown = withEntity(renamed, route('4', 'b', 's'))
    const shrunk = without(grown, route('1', 'a', 's'))
    expect(ids(having(shrunk, ['name'], 'a'))).to.deep.equal([])
    expect(ids(having(shrunk, ['name'], 'z'))).to.deep.equal(['2'])
    expect(ids(having(shrunk, ['service'], 's')).sort()).to.deep.equal(['2', '4'])
    expect(ids(having(list, ['name'], 'b'))).to.deep.equal(['2'])
    expect(withId(list, '1')).to.equal(list[0])
  })

  it('keep their places, and new ones stand at the end', () => {
    expect(ids(withEntity(list, route('2', 'z', null)))).to.deep.equal(['1', '2', '3'])
    expect(ids(withEntity(list, route('0', 'z', null)))).to.deep.equal(['1', '2', '3', '0'])
    expect(ids(without(list, route('2', 'b', 's')))).to.deep.equal(['1', '3'])
  })
})
