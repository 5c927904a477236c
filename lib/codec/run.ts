/** Bytes that are written again and again: their sum is known, and they are copied four at a time. */
export class Run {
  readonly length: number
  /** Of all its bytes, for CheckSum(10). */
  readonly sum: number
  /** Its bytes, from MARGIN on. */
  readonly view: DataView

  /** @param text one character a byte. */
  constructor(text: string) {
    const view = new DataView(new ArrayBuffer(text.length + 2 * MARGIN))
    let sum = 0
    for (let at = 0; at < text.length; at++) {
      const byte = text.charCodeAt(at)
      view.setUint8(MARGIN + at, byte)
      sum += byte
    }
    this.length = text.length
    this.sum = sum
    this.view = view
  }
}

/** Bytes before and behind a run that may be read along with it. */
export const MARGIN = 4
