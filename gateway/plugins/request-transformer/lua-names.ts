import type { Value } from './lua-values.ts'

/** What names stand for. */
export interface Lookup {
  get(name: string): Value
}

/** The names of one block, within those around it. */
export class Names implements Lookup {
  readonly #own = new Map<string, Value>()
  readonly #around: Lookup

  constructor(around: Lookup) {
    this.#around = around
  }

  get(name: string): Value {
    return this.#own.has(name) ? this.#own.get(name) : this.#around.get(name)
  }

  declare(name: string, value: Value): void {
    this.#own.set(name, value)
  }

  /** What is not local is known from then on to all of the template. */
  assign(name: string, value: Value): void {
    if (!this.#own.has(name) && this.#around instanceof Names) this.#around.assign(name, value)
    else this.#own.set(name, value)
  }
}
