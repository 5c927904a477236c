/** Numbers from 0 to 1 that follow from the seed: mulberry32. */
export function randomFrom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What a corpus is made of, drawn from a seed. */
export class Draw {
  constructor(seed) {
    this.random = randomFrom(seed)
  }

  /** A whole number from `least` to `most`. */
  whole(least, most) {
    return least + Math.floor(this.random() * (most - least + 1))
  }

  one(values) {
    return values[this.whole(0, values.length - 1)]
  }

  /** Decimal text with two digits after the point. */
  price(least, most) {
    const cents = this.whole(least * 100, most * 100)
    return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
  }

  /** `HH:MM:SS.sss` */
  time() {
    const two = (most) => String(this.whole(0, most)).padStart(2, '0')
    return `${two(23)}:${two(59)}:${two(59)}.${String(this.whole(0, 999)).padStart(3, '0')}`
  }
}
