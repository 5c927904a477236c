/** Bytes that are written again and again: their sum is known, and they are copied four at a time. */
export class Run {
  readonly length: number
  /** Of all its bytes, for CheckSum(10). */
  readonly sum: number
  /** Its bytes; three more may be read behind the last. */
  readonly view: DataView

  /** @param text one character a byte. */
  constructor(text: string) {
    const view = new DataView(new ArrayBuffer(text.length + 3))
    let sum = 0
    for (let at = 0; at < text.length; at++) {
      const byte = text.charCodeAt(at)
      view.setUint8(at, byte)
      sum += byte
    }
    this.length = text.length
    this.sum = sum
    this.view = view
  }
}
