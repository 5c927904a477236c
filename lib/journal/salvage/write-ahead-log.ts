/** Where the newest whole pages are in a write-ahead log, as https://www.sqlite.org/walformat.html has it. */
export interface LogPages {
  readonly pageSize: number
  /** Page number to where its content begins in the log. */
  readonly pages: ReadonlyMap<number, number>
  /** Pages of the database after the last commit, 0 where there is none. */
  readonly databasePages: number
  /** Pages before the last commit whose checksum is wrong: the older content counts. */
  readonly damaged: number
}

const headerLength = 32
const frameHeaderLength = 24
const magicLittleEndian = 0x377f0682
const magicBigEndian = 0x377f0683

type ReadAt = (position: number, length: number) => Buffer

/**
 * Finds the committed pages of a log that may be damaged. SQLite stops at the first wrong checksum. Here a page counts when its
 * checksum follows from the one that stands before it, so that those after a damaged one are not lost with it.
 */
export function readLog(read: ReadAt, length: number): LogPages | undefined {
  if (length < headerLength) return undefined
  const header = read(0, headerLength)
  const magic = header.readUInt32BE(0)
  const pageSize = header.readUInt32BE(8)
  if ((magic !== magicLittleEndian && magic !== magicBigEndian) || !isPageSize(pageSize)) return undefined
  const bigEndian = magic === magicBigEndian
  const salts = header.subarray(16, 24)
  let sums: Sums = [header.readUInt32BE(24), header.readUInt32BE(28)]
  const committed = new Map<number, number>()
  let open: [number, number][] = []
  let databasePages = 0
  let damaged = 0
  let damagedSinceCommit = 0
  const frameLength = frameHeaderLength + pageSize
  for (let at = headerLength; at + frameLength <= length; at += frameLength) {
    const frame = read(at, frameLength)
    // What an earlier generation of the log left behind has other salts.
    if (!frame.subarray(8, 16).equals(salts)) {
      damagedSinceCommit++
      if (damagedSinceCommit > maxDamagedRun) break
      continue
    }
    const told: Sums = [frame.readUInt32BE(16), frame.readUInt32BE(20)]
    const found = add(add(sums, frame.subarray(0, 8), bigEndian), frame.subarray(frameHeaderLength), bigEndian)
    sums = told
    if (found[0] !== told[0] || found[1] !== told[1]) {
      damagedSinceCommit++
      continue
    }
    open.push([frame.readUInt32BE(0), at + frameHeaderLength])
    const commit = frame.readUInt32BE(4)
    if (commit === 0) continue
    for (const [page, position] of open) committed.set(page, position)
    open = []
    databasePages = commit
    damaged += damagedSinceCommit
    damagedSinceCommit = 0
  }
  return { pageSize, pages: committed, databasePages, damaged }
}

/** So many frames in a row with other salts, and the rest is taken for an earlier generation. */
const maxDamagedRun = 64

export function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0
}

type Sums = readonly [number, number]

/** The format's own checksum: two Fibonacci-weighted sums of 32-bit words. */
function add([first, second]: Sums, bytes: Buffer, bigEndian: boolean): Sums {
  let a = first
  let b = second
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    a = (a + (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + b) >>> 0
    b = (b + (bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + a) >>> 0
  }
  return [a, b]
}
