import Mocha from 'mocha'

/** Skips the running test, or in a `before` its whole suite; the reason shows in the run's summary. */
export function skip(context: Mocha.Context, reason: string): never {
  const running = context.test
  const skipped = running instanceof Mocha.Hook ? running.parent : running
  if (skipped) skipped.title += ` (${reason})`
  return context.skip()
}
