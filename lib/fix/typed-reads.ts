import { readBoolean, readDecimal, readInt, readUtcTimestamp } from './field-value.js'

/** Fields read as what they mean. Each is undefined when the field is absent. */
export abstract class TypedReads {
  /** The text on the wire, exactly. */
  abstract get(tag: number): string | undefined

  /** An int within 2^53, or undefined when absent. @throws FieldValueError when it is no such number. */
  getInt(tag: number): number | undefined {
    const text = this.get(tag)
    return text === undefined ? undefined : readInt(tag, text)
  }

  /**
   * The text of a decimal number (Qty, Price, ...) that was checked to be one, exactly as it stood: never a JavaScript
   * number, which could not hold it. @throws FieldValueError when it is no decimal number.
   */
  getDecimal(tag: number): string | undefined {
    const text = this.get(tag)
    return text === undefined ? undefined : readDecimal(tag, text)
  }

  /** True for Y, false for N. @throws FieldValueError for anything else. */
  getBoolean(tag: number): boolean | undefined {
    const text = this.get(tag)
    return text === undefined ? undefined : readBoolean(tag, text)
  }

  /** A UTCTimestamp to the millisecond; finer digits are in `get`. @throws FieldValueError when it is none. */
  getUtcTimestamp(tag: number): Date | undefined {
    const text = this.get(tag)
    return text === undefined ? undefined : readUtcTimestamp(tag, text)
  }

  /** The bytes of any field. */
  getData(tag: number): Buffer | undefined {
    const text = this.get(tag)
    return text === undefined ? undefined : Buffer.from(text, 'latin1')
  }
}
