import { expect } from 'chai'
import { at, type Lengths, type Position, START, scrolled, TALLEST_PX } from './long-scroll.ts'

const SCREEN = 500
const LIST_PX = 44_000_000
const LONG: Lengths = { excess: LIST_PX - TALLEST_PX, reach: TALLEST_PX - SCREEN, screen: SCREEN }
const SHORT: Lengths = { excess: 0, reach: 9_000, screen: SCREEN }
const END = LIST_PX - SCREEN

const shown = ({ top, shift }: Position) => top + shift

describe('a list that is taller than an element can be', () => {
  it('is at its middle and at its end where the scroll bar is', () => {
    expect(shown(scrolled(START, LONG.reach / 2, LONG))).to.be.closeTo(END / 2, 1)
    expect(shown(scrolled(START, LONG.reach, LONG))).to.equal(END)
    expect(shown(scrolled(at(END, LONG), 0, LONG))).to.equal(0)
  })

  it('follows the hand pixel by pixel, wherever it is', () => {
    const middle = at(END / 2, LONG)
    expect(shown(scrolled(middle, middle.top + SCREEN, LONG))).to.be.closeTo(END / 2 + SCREEN, 0.01)
  })

  it('shows the same once the scroll bar is put where it belongs', () => {
    const middle = at(END / 2, LONG)
    const moved = scrolled(middle, middle.top + SCREEN, LONG)
    expect(shown(at(shown(moved), LONG))).to.be.closeTo(shown(moved), 0.01)
    const far = scrolled(START, 7_654_321, LONG)
    expect(at(shown(far), LONG).top).to.be.closeTo(far.top, 0.01)
  })

  it('goes on by the share of the way until a far scroll rests: its last steps are small', () => {
    const almost = scrolled(START, LONG.reach - 200_100, LONG)
    expect(shown(scrolled(almost, LONG.reach - 200_000, LONG))).to.be.above(shown(almost) + 101)
  })

  it('reaches both ends screen by screen', () => {
    for (const [from, step, end] of [
      [5_000, -SCREEN, 0],
      [END - 5_000, SCREEN, END],
    ] as const) {
      let position = at(from, LONG)
      for (let i = 0; i < 10; i++) position = at(shown(scrolled(position, position.top + step, LONG)), LONG)
      expect(shown(position)).to.equal(end)
    }
  })

  it('shows nothing before its beginning or after its end', () => {
    expect(at(-1, LONG)).to.deep.equal(START)
    expect(shown(at(LIST_PX, LONG))).to.equal(END)
  })

  it('is scrolled as any other where it is short', () => {
    expect(scrolled(START, 8_000, SHORT)).to.include({ top: 8_000, shift: 0 })
    expect(at(8_000, SHORT)).to.deep.equal({ top: 8_000, shift: 0, isFar: false })
    expect(at(10_000, SHORT).top).to.equal(9_000)
  })
})
