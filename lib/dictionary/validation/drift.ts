import { isSecret, mask } from '../../redact.js'

/** What a counterparty does beside the dictionary. */
export type DriftReason = 'unknownTag' | 'tagNotDefinedForMessage' | 'unknownValue'

/** One kind of drift: a tag (or a value of it) that the dictionary does not have for a message type. */
export interface DriftKind {
  readonly msgType: string
  readonly tag: number
  readonly reason: DriftReason
  /** The value that was met first, cut at 64 characters; one character a byte. `***` for a password or signature. */
  readonly firstValue: string
  /** How often it was met. */
  readonly count: number
}

/** Values are a counterparty's data: no more than this of the first one is kept. */
const longestValue = 64

/**
 * Keeps account of drift: a new kind is reported once, all are counted. Bounded: after `limit` kinds, further ones are
 * only counted together.
 */
export class Drift {
  readonly #kinds = new Map<string, DriftKind & { count: number }>()
  readonly #onNew: ((kind: DriftKind) => void) | undefined
  readonly #limit: number
  #beyondLimit = 0

  /** `onNew` is called once for each kind, after the message was validated. `limit`: default 10,000. */
  constructor(onNew?: (kind: DriftKind) => void, { limit = 10_000 } = {}) {
    this.#onNew = onNew
    this.#limit = limit
  }

  /** Kinds by message type, then by tag. */
  get summary(): DriftKind[] {
    return [...this.#kinds.values()]
      .map((kind) => ({ ...kind }))
      .sort((a, b) => (a.msgType < b.msgType ? -1 : a.msgType > b.msgType ? 1 : a.tag - b.tag))
  }

  /** Occurrences of kinds that were not kept because there were `limit` of them. */
  get beyondLimit(): number {
    return this.#beyondLimit
  }

  /** @internal */
  record(msgType: string, tag: number, reason: DriftReason, value: string): void {
    const key = `${tag} ${reason} ${msgType}`
    const known = this.#kinds.get(key)
    if (known) {
      known.count += 1
    } else if (this.#kinds.size >= this.#limit) {
      this.#beyondLimit += 1
    } else {
      const firstValue = isSecret(tag, msgType) ? mask : value.slice(0, longestValue)
      const kind = { msgType, tag, reason, firstValue, count: 1 }
      this.#kinds.set(key, kind)
      this.#onNew?.({ ...kind })
    }
  }
}
