/** Whoever asks while the work runs gets the same outcome: however many look on, the platform is asked the same once at a time. */
export function shared<Outcome, Question = void>(
  work: (question: Question) => Promise<Outcome>,
): (question: Question) => Promise<Outcome> {
  const running = new Map<Question, Promise<Outcome>>()
  return (question) => {
    const outcome = running.get(question) ?? work(question).finally(() => running.delete(question))
    running.set(question, outcome)
    return outcome
  }
}

/** Runs works one after another, in the order in which they come. */
export function oneByOne(): <Outcome>(work: () => Promise<Outcome>) => Promise<Outcome> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
}
