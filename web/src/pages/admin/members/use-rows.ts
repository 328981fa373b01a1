import { observeElementOffset, useVirtualizer } from '@tanstack/react-virtual'
import { useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { at, type Lengths, type Position, START, scrolled, TALLEST_PX } from './long-scroll.ts'

const ROW_PX = 44
const OVERSCAN = 20
/** Browsers round where they scroll to: a row that lacks so little is in view. */
const TOLERANCE_PX = 1

interface Options {
  count: number
  /** Not where the count is still that of another list. */
  isKnown: boolean
  /** The row to begin with, from 1 on; another one is gone to. */
  from: number
  /** This row is the first in view now that the scrolling rests. */
  onRest(from: number): void
}

/** Which rows of a list of any length are in the document, and how much room the others take above and below them. */
export function useRows({ count, isKnown, from, onRest }: Options) {
  const scroller = useRef<HTMLElement>(null)
  const position = useRef(START)
  const report = useRef<(offset: number, isScrolling: boolean) => void>(undefined)
  const [shift, setShift] = useState(0)
  const height = Math.min(count * ROW_PX, TALLEST_PX)

  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    useScrollendEvent: true,
    scrollToFn: () => undefined, // `settle` alone does
    observeElementOffset: (instance, reports) => {
      report.current = reports
      return observeElementOffset(instance, (top, isScrolling) => onScroll(top, isScrolling))
    },
  })

  const offset = () => position.current.top + position.current.shift
  const first = () => Math.ceil((offset() - TOLERANCE_PX) / ROW_PX) + 1
  const lengths = (): Lengths => {
    const { scrollHeight = 0, clientHeight = 0 } = scroller.current ?? {}
    return { excess: count * ROW_PX - height, reach: scrollHeight - clientHeight, screen: clientHeight }
  }
  const show = (next: Position) => {
    position.current = next
    setShift(next.shift)
    report.current?.(offset(), false)
  }
  const settle = (place: number) => {
    show(at(place, lengths()))
    scroller.current?.scrollTo({ top: position.current.top })
  }
  const onScroll = useEffectEvent((top: number, isScrolling: boolean) => {
    // Before the browser paints: what it has scrolled and what is drawn belong together.
    flushSync(() => {
      show(scrolled(position.current, top, lengths()))
      if (!isScrolling) settle(offset())
    })
    if (!isScrolling && isKnown && first() !== from) onRest(first())
  })
  const goTo = useEffectEvent((row: number) => {
    if (row !== first()) settle((row - 1) * ROW_PX)
  })
  useLayoutEffect(() => {
    if (isKnown) goTo(from)
  }, [from, isKnown])

  const items = virtual.getVirtualItems()
  const [head, tail] = [items[0], items.at(-1)]
  return {
    scroller,
    rows: items.map(({ index }) => index),
    above: (head?.start ?? shift) - shift,
    below: height - ((tail?.end ?? shift) - shift),
  }
}
