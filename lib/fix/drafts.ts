import type { TagName } from './tag-list.js'

/** Where the bytes of a message's body are, if they are anywhere. */
export interface Draft {
  /** That of the drafts when they were written; undefined when they are not there any more. */
  draftGeneration: Generation | undefined
  draftStart: number
  draftEnd: number
  /** Of the bytes, for CheckSum(10). */
  draftSum: number
}

/**
 * The time until the memory is given out anew. An object, so that in a program with two copies of this package no message of
 * one seems to be in the memory of the other.
 */
class Generation {}

const SIZE = 262_144
/** Bytes that a field's name and its SOH may take, and that words may go beyond it. */
const ROOM = 16
/** A message is begun only where it probably finds room. */
const USUAL = 1024

/**
 * The bytes of messages that are being made: each field is written here when it is set, in the same pass over its text that
 * checks it, so that to encode a message is to copy its body.
 *
 * The values that a message holds are the truth, this is a cache: all messages share it, it is written over again, and a
 * message whose draft is gone is drawn up again. A draft can only grow while it is the last one.
 */
class Drafts {
  readonly #bytes = new Uint8Array(SIZE + ROOM)
  readonly view = new DataView(this.#bytes.buffer)
  #generation = new Generation()
  #used = 0

  /** Begins an empty draft. */
  begin(draft: Draft): void {
    if (this.#used > SIZE - USUAL) this.#recycle()
    draft.draftGeneration = this.#generation
    draft.draftStart = this.#used
    draft.draftEnd = this.#used
    draft.draftSum = 0
  }

  /** True when the body of a message is here. */
  has(draft: Draft): boolean {
    return draft.draftGeneration === this.#generation
  }

  /**
   * Writes the body of a message, all texts of which are plain: what stands behind MsgType(35) and belongs not into the
   * header. It is not here then either when it is too long.
   */
  draw(draft: Draft, names: readonly TagName[], values: readonly string[]): void {
    let room = 0
    for (let at = 1; at < names.length; at++) room += ROOM + (values[at] as string).length
    if (room > SIZE) return
    if (this.#used + room > SIZE) this.#recycle()
    this.begin(draft)
    for (let at = 1; at < names.length; at++) this.add(draft, names[at] as TagName, values[at] as string)
  }

  /**
   * Writes a field behind the others, where the draft is the last one; otherwise it is lost. One of the header is only checked.
   * False when the text is not plain: empty, or with a NUL, an SOH, or a character above U+00FF.
   */
  add(draft: Draft, name: TagName, text: string): boolean {
    const { length } = text
    if (length === 0) return false
    if (name.isHeader) return isPlainText(text)
    if (!this.#mayGrow(draft, length)) {
      draft.draftGeneration = undefined
      return isPlainText(text)
    }
    const bytes = this.#bytes
    const { view } = this
    let at = draft.draftEnd
    view.setInt32(at, name.first, true)
    view.setInt32(at + 4, name.second, true)
    at += name.width
    let sum = draft.draftSum + name.sum
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if ((code - 2) >>> 0 > 0xfd) return false
      bytes[at + i] = code
      sum += code
    }
    at += length
    bytes[at++] = 1
    draft.draftEnd = at
    draft.draftSum = sum
    this.#used = at
    return true
  }

  #mayGrow(draft: Draft, length: number): boolean {
    if (draft.draftGeneration !== this.#generation) return false
    if (draft.draftEnd !== this.#used) {
      if (draft.draftEnd !== draft.draftStart) return false
      this.begin(draft)
    }
    return this.#used + length + ROOM <= SIZE
  }

  #recycle(): void {
    this.#generation = new Generation()
    this.#used = 0
  }
}

export const drafts = new Drafts()

/** True for text with at least one character, all of them from U+0002 to U+00FF. */
export function isPlainText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if ((text.charCodeAt(i) - 2) >>> 0 > 0xfd) return false
  }
  return text.length > 0
}
