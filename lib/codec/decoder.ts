import { type DataFields, standardDataFields } from '../fix/data-fields.js'
import { slabWithRoom } from '../fix/field-index.js'
import { type FieldLayout, layoutOf } from '../fix/field-layout.js'
import { ScanFault, scan, scanFields } from '../fix/field-scan.js'
import type { Garbled } from '../fix/garbled.js'
import { FixMessage } from '../fix/message.js'
import type { StructureSource } from '../fix/structure.js'
import { WireFields } from '../fix/wire-fields.js'
import { garbled } from './garbled-report.js'
import { latin1 } from './latin1.js'

/** Turns the bytes of one whole message into a FixMessage. */
export class Decoder {
  #dictionary: StructureSource | undefined
  #dataFields: DataFields = standardDataFields
  /** By MsgType(35); without those of FIXT.1.1, where the type alone does not tell. */
  readonly #layouts = new Map<string, FieldLayout>()
  /** Most messages are of the type of the one before; so their layout is not looked up. */
  #lastMsgType: string | undefined
  #lastLayout: FieldLayout | undefined
  readonly #maxFields: number
  readonly #validateChecksum: boolean

  constructor(dictionary: StructureSource | undefined, maxFields: number, validateChecksum: boolean) {
    this.dictionary = dictionary
    this.#maxFields = maxFields
    this.#validateChecksum = validateChecksum
  }

  get dictionary(): StructureSource | undefined {
    return this.#dictionary
  }

  get dataFields(): DataFields {
    return this.#dataFields
  }

  set dictionary(dictionary: StructureSource | undefined) {
    this.#dictionary = dictionary
    this.#layouts.clear()
    this.#lastMsgType = undefined
    this.#dataFields = dictionary?.dataFields ?? standardDataFields
  }

  /**
   * The message in `bytes[start, end)`, of which it is known that it begins with BeginString(8) and BodyLength(9) and
   * that CheckSum(10) stands at `trailer` and is the last field.
   */
  decode(bytes: Buffer, start: number, trailer: number, end: number): FixMessage | Garbled {
    const maxFields = this.#maxFields
    // No field is shorter than two bytes and its SOH.
    const most = Math.min(maxFields, Math.ceil((end - start) / 3) + 1)
    const slab = slabWithRoom(most)
    const { cells, room, used: base } = slab
    const count = scanFields(bytes, start, trailer, start, slab, base, most - 1, this.#dataFields)
    if (this.#validateChecksum) {
      const sum = (count < 0 ? sumOf(bytes, start, trailer) : scan.sum) & 255
      if (!isCheckSum(bytes, trailer + 3, end - 1, sum)) {
        const expected = String(1000 + sum).slice(1)
        return garbled(
          'CHECK_SUM',
          `CheckSum(10): expected ${expected}, got "${latin1(bytes, trailer + 3, end - 1)}".`,
          bytes,
          start,
          end
        )
      }
    }
    if (count < 0) return this.#fault(count, bytes, start, end)
    if (count < 3 || cells[base + 2] !== 35) {
      const got = count < 3 ? 10 : cells[base + 2]
      return garbled('MSG_TYPE', `Expected MsgType(35) as the third field, got tag ${got}.`, bytes, start, end)
    }
    const last = base + count
    cells[last] = 10
    cells[last + room] = trailer + 3 - start
    cells[last + 2 * room] = end - 1 - start
    slab.used = last + 1
    const text = latin1(bytes, start, end)
    return this.message(new WireFields(text, 0, end - start, count + 1, slab, base, 0, this.#dataFields))
  }

  /** The message of these fields. */
  message(fields: WireFields): FixMessage {
    const msgType = fields.textAt(2)
    const layout = msgType === this.#lastMsgType ? this.#lastLayout : this.#layoutOf(msgType, fields)
    return new FixMessage(msgType, undefined, fields, layout)
  }

  #layoutOf(msgType: string, fields: WireFields): FieldLayout | undefined {
    if (this.#dictionary === undefined) return undefined
    const known = this.#layouts.get(msgType)
    if (known !== undefined) {
      this.#lastMsgType = msgType
      this.#lastLayout = known
      return known
    }
    // From FIXT.1.1 on, messages say for themselves which version they are of, by ApplVerID(1128).
    const isFixt = fields.shared.startsWith('8=FIXT', fields.offset)
    const structure = this.#dictionary.structureOf(msgType, isFixt ? fields.textOf(1128) : undefined)
    if (structure === undefined) return undefined
    const layout = layoutOf(structure)
    if (!isFixt) this.#layouts.set(msgType, layout)
    return layout
  }

  #fault(fault: number, bytes: Buffer, start: number, end: number): Garbled {
    const field = latin1(bytes, scan.faultAt, Math.min(end, scan.faultAt + 32)).replaceAll('\u0001', '|')
    const where = `at byte ${scan.faultAt - start}, "${field}"`
    if (fault === ScanFault.Tag) {
      return garbled('TAG', `Expected tag=value with an integer tag, got ${where}.`, bytes, start, end)
    }
    if (fault === ScanFault.DataLength) {
      return garbled('DATA_LENGTH', `The Length field before it does not fit the data ${where}.`, bytes, start, end)
    }
    const most = this.#maxFields
    return garbled(
      'TOO_MANY_FIELDS',
      `Expected at most ${most} fields; raise maxFields to take more.`,
      bytes,
      start,
      end,
      true
    )
  }
}

function sumOf(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0
  for (let at = start; at < end; at++) sum += bytes[at] as number
  return sum
}

/** CheckSum(10) is always three digits (FIX: "a three byte simple checksum"). */
function isCheckSum(bytes: Uint8Array, start: number, end: number, sum: number): boolean {
  return (
    end - start === 3 &&
    bytes[start] === 0x30 + Math.floor(sum / 100) &&
    bytes[start + 1] === 0x30 + (Math.floor(sum / 10) % 10) &&
    bytes[start + 2] === 0x30 + (sum % 10)
  )
}
