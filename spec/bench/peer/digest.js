/** Says of many texts, in their order, whether two engines read the same: FNV-1a, each text ended by a zero byte. */
export class Digest {
  #hash = 0x811c9dc5
  texts = 0

  add(text) {
    let hash = this.#hash
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    this.#hash = Math.imul(hash, 0x01000193)
    this.texts++
  }

  toJSON() {
    return `${this.texts}:${(this.#hash >>> 0).toString(16)}`
  }
}
