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
      this.add(key, name, safe(value))
      return
    }
    this.values[at] = safe(value)
    this.names[at] = name
    for (let next = this.keys.indexOf(key, at + 1); next >= 0; next = this.keys.indexOf(key, next)) this.#remove(next)
  }

  append(name: string, value: string): void {
    this.add(name.toLowerCase(), name, safe(value))
  }

  /** `append` for a caller that knows the lower-case name and that the value is fit to travel. */
  add(key: string, name: string, value: string): void {
    this.keys.push(key)
    this.names.push(name)
    this.values.push(value)
  }

  /** Puts another list's lines ahead of its own. */
  prepend({ keys, names, values }: HeaderList): void {
    this.keys.unshift(...keys)
    this.names.unshift(...names)
    this.values.unshift(...values)
  }

  delete(key: string): void {
    for (let at = this.keys.indexOf(key); at >= 0; at = this.keys.indexOf(key, at)) this.#remove(at)
  }

  /** Removes every field whose lower-case name the test accepts. */
  deleteWhere(test: (key: string) => boolean): void {
    for (let at = this.keys.length - 1; at >= 0; at--) if (test(this.keys[at] as string)) this.#remove(at)
  }

  /** A copy that leaves out the fields of these lower-case names. */
  without(dropped: ReadonlySet<string>): HeaderList {
    const copy = new HeaderList()
    for (let at = 0; at < this.keys.length; at++) {
      const key = this.keys[at] as string
      if (!dropped.has(key)) copy.add(key, this.names[at] as string, this.values[at] as string)
    }
    return copy
  }

  /** The field lines as they travel, each with its CRLF, but for those of these lower-case names. */
  linesWithout(dropped: ReadonlySet<string>): string {
    let lines = ''
    for (let at = 0; at < this.keys.length; at++)
      if (!dropped.has(this.keys[at] as string)) lines += `${this.names[at]}: ${this.values[at]}\r\n`
    return lines
  }

  #remove(at: number): void {
    this.keys.splice(at, 1)
    this.names.splice(at, 1)
    this.values.splice(at, 1)
  }
}

const UNFIT = /[\0-\x08\x0a-\x1f\x7f\u0100-\uffff]/
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/g

/**
 * A value that no one can break out of: control characters are percent-encoded, as OpenResty does. One character
 * is one byte; text with characters beyond that travels as UTF-8.
 */
function safe(value: string): string {
  if (!UNFIT.test(value)) return value
  return Buffer.from(value, 'utf8')
    .toString('latin1')
    .replace(CONTROL, (control) => `%${control.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}
