/** Browsers end elements at 16.7 (Chromium) to 33 million pixels: a list may be longer, its element is not. */
export const TALLEST_PX = 10_000_000
/** So close to either end no part of the list is left out: its first and its last row are reached by every way of scrolling. */
const EXACT_PX = 100_000
/** Who scrolls so many screens at a stroke moves the scroll bar, or presses Home or End. */
const FAR_SCREENS = 2

export interface Lengths {
  /** How much taller the list is than its element. */
  excess: number
  /** How far the element can be scrolled. */
  reach: number
  /** What is seen of it. */
  screen: number
}

/** The element is scrolled to `top`, and shows the list from `top + shift` on. */
export interface Position {
  top: number
  shift: number
  isFar: boolean
}

export const START: Position = { top: 0, shift: 0, isFar: false }

/** Scrolled by hand, the rows follow the hand pixel by pixel; scrolled far, it is the share of the way that counts. */
export function scrolled({ isFar, ...from }: Position, top: number, lengths: Lengths): Position {
  const far = isFar || Math.abs(top - from.top) > FAR_SCREENS * lengths.screen
  return { top, isFar: far, shift: far ? shiftAt(top, lengths.reach, lengths.excess) : from.shift }
}

/** Where the scroll bar belongs for this place in the list. */
export function at(offset: number, { excess, reach }: Lengths): Position {
  const place = Math.max(0, Math.min(offset, reach + excess))
  const shift = shiftAt(place, reach + excess, excess)
  return { top: place - shift, shift, isFar: false }
}

/** By a share of the way that is the same whether it is measured along the element or along the list. */
function shiftAt(place: number, length: number, excess: number): number {
  if (excess <= 0) return 0
  const share = (place - EXACT_PX) / (length - 2 * EXACT_PX)
  return excess * Math.max(0, Math.min(share, 1))
}
