/**
 * Header fields in the order and spelling in which they travel, found by lower-case name.
 * Duplicates are kept as separate lines, as HTTP/1.1 allows (RFC 9110 §5.3).
 */
export class HeaderList {
  /** Lower-case names; `names` and `values` run parallel to it. */
  readonly keys: string[] = []
  readonly names: string[] = []
  readonly values: string[] = []

  /** The first value of a field. `key` is lower case here and in every other method but `set` and `append`. */
  get(key: string): string | undefined {
    const at = this.keys.indexOf(key)
    return at < 0 ? undefined : this.values[at]
  }

  getAll(key: string): string[] {
    const found: string[] = []
    for (let at = this.keys.indexOf(key); at >= 0; at = this.keys.indexOf(key, at + 1))
      found.push(this.values[at] as string)
    return found
  }

  has(key: string): boolean {
    return this.keys.includes(key)
  }

  /** Makes this the field's only line, where its first line stood, else at the end. */
  set(name: string, value: string): void {
    const key = name.toLowerCase()
    const at = this.keys.indexOf(key)
    if (at < 0) {
      this.#push(key, name, value)
      return
    }
    this.values[at] = value
    this.names[at] = name
    for (let next = this.keys.indexOf(key, at + 1); next >= 0; next = this.keys.indexOf(key, next)) this.#remove(next)
  }

  append(name: string, value: string): void {
    this.#push(name.toLowerCase(), name, value)
  }

  delete(key: string): void {
    for (let at = this.keys.indexOf(key); at >= 0; at = this.keys.indexOf(key, at)) this.#remove(at)
  }

  /** Removes every field whose lower-case name the test accepts. */
  deleteWhere(test: (key: string) => boolean): void {
    for (let at = this.keys.length - 1; at >= 0; at--) if (test(this.keys[at] as string)) this.#remove(at)
  }

  #push(key: string, name: string, value: string): void {
    this.keys.push(key)
    this.names.push(name)
    this.values.push(value)
  }

  #remove(at: number): void {
    this.keys.splice(at, 1)
    this.names.splice(at, 1)
    this.values.splice(at, 1)
  }
}
