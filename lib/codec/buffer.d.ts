/** What every Buffer of Node has, and its types do not: see latin1.ts. */
interface Buffer {
  latin1Slice(start: number, end: number): string
}
