/**
 * Every pair of a Length field and the data field that follows it, FIX 4.0 to 5.0SP2 with extension packs.
 *
 * A data field may hold SOH, so a decoder has to know these pairs before it can find where fields end (FIX tagvalue
 * encoding, "data": "the associated length field must immediately precede it"). The tags are the same in all versions;
 * dictionaries of users may have more (`StructureSource.dataFields`).
 */
export const dataFields: readonly (readonly [lengthTag: number, dataTag: number])[] = [
  [90, 91],
  [93, 89],
  [95, 96],
  [212, 213],
  [348, 349],
  [350, 351],
  [352, 353],
  [354, 355],
  [356, 357],
  [358, 359],
  [360, 361],
  [362, 363],
  [364, 365],
  [445, 446],
  [618, 619],
  [621, 622],
  [1184, 1185],
  [1277, 1278],
  [1280, 1281],
  [1282, 1283],
  [1397, 1398],
  [1401, 1402],
  [1403, 1404],
  [1468, 1469],
  [1525, 1527],
  [1578, 1579],
  [1620, 1621],
  [1664, 1665],
  [1678, 1697],
  [1733, 1734],
  [1871, 1872],
  [1874, 1875],
  [2072, 2073],
  [2074, 2075],
  [2111, 2112],
  [2179, 2180],
  [2287, 2288],
  [2351, 2352],
  [2372, 2371],
  [2481, 2482],
  [2494, 2493],
  [2522, 2521],
  [2637, 2638],
  [2651, 2652],
  [2665, 2666],
  [2715, 2716],
  [2718, 2719],
  [2721, 2722],
  [2797, 2798],
  [2802, 2801],
  [2809, 2808],
  [2815, 2814],
  [40004, 40005],
  [40008, 40009],
  [40978, 40979],
  [40980, 40981],
  [40982, 40983],
  [40984, 40985],
  [40986, 40987],
  [40988, 40989],
  [41083, 41084],
  [41101, 41102],
  [41107, 41108],
  [41256, 41257],
  [41320, 41321],
  [41324, 41325],
  [41458, 41459],
  [41476, 41477],
  [41482, 41483],
  [41653, 41654],
  [41710, 41711],
  [41806, 41807],
  [41811, 41812],
  [41873, 41874],
  [41969, 41970],
  [42025, 42026],
  [42171, 42172],
  [42451, 42452],
  [42652, 42653],
  [42947, 42948],
  [43109, 42684],
  [43110, 42486],
  [43111, 42982]
]

/** Tags below this are looked up in an array, the few above in a map. */
const ARRAY_LIMIT = 65_536

/** Which data field follows which Length field. */
export class DataFields {
  readonly lengthTags: readonly number[]
  readonly #dataByLength: Int32Array
  readonly #high = new Map<number, number>()

  constructor(pairs: readonly (readonly [lengthTag: number, dataTag: number])[]) {
    this.lengthTags = pairs.map(([lengthTag]) => lengthTag)
    const low = this.lengthTags.filter((tag) => tag < ARRAY_LIMIT)
    this.#dataByLength = new Int32Array(1 + Math.max(0, ...low))
    for (const [lengthTag, dataTag] of pairs) {
      if (lengthTag < ARRAY_LIMIT) this.#dataByLength[lengthTag] = dataTag
      else this.#high.set(lengthTag, dataTag)
    }
  }

  /** The data field that a Length field measures, e.g. RawData(96) for RawDataLength(95); 0 for any other tag. */
  dataTagOf(tag: number): number {
    if (tag >= 0 && tag < this.#dataByLength.length) return this.#dataByLength[tag] as number
    return this.#high.size === 0 ? 0 : (this.#high.get(tag) ?? 0)
  }
}

export const standardDataFields = new DataFields(dataFields)

const lengthByData = new Uint16Array(1 + Math.max(...dataFields.flat()))
for (const [lengthTag, dataTag] of dataFields) lengthByData[dataTag] = lengthTag

/** The data field that a Length field measures, e.g. RawData(96) for RawDataLength(95); 0 for any other tag. */
export function dataTagOf(tag: number): number {
  return standardDataFields.dataTagOf(tag)
}

/** The Length field that measures a data field, e.g. RawDataLength(95) for RawData(96); 0 for any other tag. */
export function lengthTagOf(tag: number): number {
  return tag >= 0 && tag < lengthByData.length ? (lengthByData[tag] as number) : 0
}
