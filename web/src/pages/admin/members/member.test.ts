import { expect } from 'chai'
import { readSelection, type Selection, toggled, writeSelection } from './member.ts'

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

  it('sorts up at the first click and down at the second', () => {
    expect(toggled('-createdAt', 'name')).to.equal('name')
    expect(toggled('name', 'name')).to.equal('-name')
    expect(toggled('-name', 'name')).to.equal('name')
  })
})
