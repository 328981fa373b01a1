/**
 * A time limit that is moved on every request. Moving it only writes a number: the timer underneath
 * is left alone and looks, when it fires, whether the limit has been reached or moved.
 */
export class Deadline {
  readonly #expired: () => void
  #due = Number.POSITIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #timerDue = Number.POSITIVE_INFINITY

  constructor(expired: () => void) {
    this.#expired = expired
  }

  arm(milliseconds: number, now: number): void {
    this.#due = now + milliseconds
    if (this.#due >= this.#timerDue) return
    clearTimeout(this.#timer)
    this.#start(milliseconds)
  }

  disarm(): void {
    this.#due = Number.POSITIVE_INFINITY
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.disarm()
  }

  #start(milliseconds: number): void {
    this.#timerDue = this.#due
    this.#timer = setTimeout(() => this.#fire(), milliseconds)
  }

  #fire(): void {
    this.#timerDue = Number.POSITIVE_INFINITY
    if (this.#due === Number.POSITIVE_INFINITY) return
    const left = this.#due - Date.now()
    if (left > 0) {
      this.#start(left)
      return
    }
    this.disarm()
    this.#expired()
  }
}
