/** Most characters of a number, and its comma. */
const widest = 21
const comma = 0x2c
const open = 0x5b
const close = 0x5d
const zero = 0x30

/** Above it the remainder is no small integer any more. */
const mostByHand = 2 ** 31 - 1

/**
 * Writes `entries` (schema.ts), arrays of whole numbers in an array, as JSON; what JSON.stringify would write, without an array for each
 * message. There is one of it, used again and again.
 */
export class Entries {
  private bytes = Buffer.allocUnsafeSlow(16 * 1024)
  private end = 0

  begin(): void {
    this.bytes[0] = open
    this.end = 1
  }

  /** Adds an entry of four numbers, or of five. */
  add(first: number, second: number, third: number, fourth: number, fifth?: number): void {
    if (this.end + widest * 6 > this.bytes.length) this.grow()
    this.bytes[this.end++] = open
    this.number(first)
    this.number(second)
    this.number(third)
    this.number(fourth)
    if (fifth !== undefined) this.number(fifth)
    this.bytes[this.end - 1] = close
    this.bytes[this.end++] = comma
  }

  /** All of them. */
  finish(): string {
    if (this.end === 1) this.end++
    this.bytes[this.end - 1] = close
    return this.bytes.toString('latin1', 0, this.end)
  }

  private number(value: number): void {
    const { bytes } = this
    if (!(value >= 0 && value <= mostByHand)) {
      this.end += bytes.write(`${value},`, this.end, 'latin1')
      return
    }
    const start = this.end
    let at = start + widthOf(value)
    this.end = at + 1
    bytes[at] = comma
    let rest = value | 0
    do {
      const tenth = (rest / 10) | 0
      bytes[--at] = zero + rest - tenth * 10
      rest = tenth
    } while (at > start)
  }

  private grow(): void {
    const larger = Buffer.allocUnsafeSlow(this.bytes.length * 2)
    this.bytes.copy(larger, 0, 0, this.end)
    this.bytes = larger
  }
}

function widthOf(value: number): number {
  let width = 1
  for (let next = 10; value >= next; next *= 10) width++
  return width
}
