import { createHook } from 'node:async_hooks'
import { relative } from 'node:path'
import { root } from './place.ts'

/** A timer, socket, server, child process or worker; what has no `hasRef` keeps no process from ending. */
interface Handle {
  hasRef?(): boolean
}

interface Opened {
  type: string
  handle: Handle
  where: Error
}

/** Enough to reach the project's own code from within Node and a package. */
const FRAMES = 25

/** Watches what is opened from now on. `list` tells what of it keeps this process from ending: number, kind, and where it was opened. */
export function watchHandles(): { list(): string[]; stop(): void } {
  const opened = new Map<number, Opened>()
  const hook = createHook({
    trackPromises: false,
    init(id, type, _, handle: Handle) {
      if (typeof handle.hasRef === 'function') opened.set(id, { type, handle, where: stack() })
    },
    destroy: (id) => void opened.delete(id),
  }).enable()

  function list(): string[] {
    const open = [...opened.values()].filter(({ handle }) => handle.hasRef?.())
    const kinds = Map.groupBy(open, ({ type, where }) => `${type} ${placeOf(where)}`)
    return [...kinds].map(([kind, { length }]) => `${length} × ${kind}`)
  }

  return { list, stop: () => void hook.disable() }
}

function stack(): Error {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = FRAMES
  const where = new Error()
  Error.stackTraceLimit = limit
  return where
}

/** The innermost frame outside Node, and the innermost of the project. */
function placeOf({ stack = '' }: Error): string {
  const frames = [...stack.matchAll(/(?: |\(|file:\/\/)(\/[^\s():]+:\d+):\d+\)?$/gm)].map(([, at = '']) =>
    relative(root, at),
  )
  const outside = frames.filter((frame) => !frame.startsWith('dev/open-handles.ts'))
  const own = outside.find((frame) => !frame.startsWith('node_modules/'))
  return [...new Set([outside[0], own])].filter(Boolean).join(', by ') || '(from outside)'
}
