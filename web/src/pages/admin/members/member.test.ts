import { expect } from 'chai'
import { readPlace, readSelection, type Selection, toggled, writePlace, writeSelection } from './member.ts'

describe('the selection of members in the address', () => {
  it('comes back as it was written', () => {
    const selections: Selection[] = [
      { search: '', status: '', sort: '-createdAt' },
      { search: 'สมชาย & co', status: 'disabled', sort: '-name' },
    ]
    for (const selection of selections) expect(readSelection(writeSelection(selection))).to.deep.equal(selection)
  })

  it('leaves out what is as usual', () => {
    expect(writeSelection({ search: '', status: '', sort: '-createdAt' }).toString()).to.equal('')
  })

  it('takes from an address only what the API knows', () => {
    const forged = new URLSearchParams({ status: 'deleted', sort: 'password', search: 'x'.repeat(300) })
    expect(readSelection(forged)).to.deep.equal({ search: 'x'.repeat(200), status: '', sort: '-createdAt' })
  })

  it('keeps the place in the list, but for the beginning', () => {
    const selection = readSelection(new URLSearchParams('sort=name'))
    expect(writePlace(selection, 4711).toString()).to.equal('sort=name&from=4711')
    expect(readPlace(writePlace(selection, 4711))).to.equal(4711)
    expect(writePlace(selection, 1).toString()).to.equal('sort=name')
  })

  it('begins at the beginning where the address names no place', () => {
    for (const from of ['', '0', '-1', '1.5', '1e9', '9'.repeat(10), 'x']) {
      expect(readPlace(new URLSearchParams({ from })), from).to.equal(1)
    }
  })

  it('sorts up at the first click and down at the second', () => {
    expect(toggled('-createdAt', 'name')).to.equal('name')
    expect(toggled('name', 'name')).to.equal('-name')
    expect(toggled('-name', 'name')).to.equal('name')
  })
})
