/*
 * Decimal digits as words of up to four bytes, the first digit in the lowest byte: a writer stores them in one step, little
 * endian, and goes on behind those that it meant.
 */

const ZEROS = 0x303030
const threes = new Int32Array(1000)
for (let number = 0; number < 1000; number++) {
  const hundreds = Math.floor(number / 100)
  const tens = Math.floor(number / 10) % 10
  threes[number] = ZEROS + hundreds + (tens << 8) + ((number % 10) << 16)
}

/** The three digits of a number, 0 to 999, leading zeros and all. */
export function threeDigits(number: number): number {
  return threes[number] as number
}

/** The digits of a number, 0 to 999, without leading zeros. */
export function digits(number: number, width: number): number {
  return (threes[number] as number) >>> (24 - 8 * width)
}

/** How many digits a number, 0 to 999, has. */
export function widthOf(number: number): number {
  return number < 10 ? 1 : number < 100 ? 2 : 3
}

/** The sum of the four bytes of a word. */
export function byteSum(word: number): number {
  const pairs = (word & 0xff00ff) + ((word >>> 8) & 0xff00ff)
  return (pairs & 0xffff) + (pairs >>> 16)
}
