import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'

/**
 * How far the write-ahead log of a journal is, as the index beside it says (`-shm`, https://www.sqlite.org/walformat.html): which
 * generation of the log, how many pages are in it, and how many of those were surely synced, because a checkpoint has
 * begun to move them into the file.
 */
export interface LogPosition {
  readonly generation: string
  readonly frames: number
  readonly synced: number
}

export function logPosition(path: string): LogPosition {
  const index = readFileSync(`${path}-shm`)
  const [mostFrames, salts, backfilled, backfillAttempted] = [16, 32, 96, 128]
  return {
    generation: index.subarray(salts, salts + 8).toString('hex'),
    frames: index.readUInt32LE(mostFrames),
    synced: Math.max(index.readUInt32LE(backfilled), index.readUInt32LE(backfillAttempted))
  }
}

/** One thing that a loss of power does to what was not synced; places are 0 to 1 of it. */
export type Damage =
  | { readonly kind: 'truncated'; readonly at: number }
  | { readonly kind: 'zeroed' | 'garbled'; readonly at: number; readonly bytes: number }
  | { readonly kind: 'swapped'; readonly at: number; readonly with: number }
  | { readonly kind: 'extended'; readonly bytes: number }

const place = fc.double({ min: 0, max: 1, noNaN: true })

export const anyDamage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('truncated' as const), at: place }),
  fc.record({
    kind: fc.constantFrom('zeroed' as const, 'garbled' as const),
    at: place,
    bytes: fc.integer({ min: 1, max: 10_000 })
  }),
  fc.record({ kind: fc.constant('swapped' as const), at: place, with: place }),
  fc.record({ kind: fc.constant('extended' as const), bytes: fc.integer({ min: 1, max: 5_000 }) })
)

const logHeader = 32
const frameHeader = 24
/** What disks and file systems write at a time. */
const diskPage = 4_096

/** Copies a journal as it is on the disk, its writer standing still, and damages of the log all that is beyond `synced` pages. */
export function losePower(
  from: string,
  to: string,
  synced: number,
  damages: readonly Damage[],
  keepIndex = false
): void {
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${to}${suffix}`, { force: true })
    if (existsSync(`${from}${suffix}`) && (suffix !== '-shm' || keepIndex))
      copyFileSync(`${from}${suffix}`, `${to}${suffix}`)
  }
  if (!existsSync(`${to}-wal`)) return
  let log: Buffer = readFileSync(`${to}-wal`)
  if (log.length < logHeader) return
  const pageSize = log.readUInt32BE(8)
  const safe = Math.min(log.length, logHeader + synced * (frameHeader + pageSize))
  for (const damage of damages) log = damaged(log, safe, damage)
  writeFileSync(`${to}-wal`, log)
}

function damaged(log: Buffer, safe: number, damage: Damage): Buffer {
  const at = (fraction: number): number => safe + Math.floor((log.length - safe) * fraction)
  switch (damage.kind) {
    case 'truncated':
      return log.subarray(0, at(damage.at))
    case 'extended':
      return Buffer.concat([log, noise(damage.bytes)])
    case 'zeroed':
      log.fill(0, at(damage.at), Math.min(log.length, at(damage.at) + damage.bytes))
      return log
    case 'garbled':
      noise(damage.bytes).copy(log, at(damage.at))
      return log
    default:
      return swapped(log, safe, at(damage.at), at(damage.with))
  }
}

/** Of two disk pages each is where the other should be. */
function swapped(log: Buffer, safe: number, one: number, other: number): Buffer {
  const a = Math.floor(one / diskPage) * diskPage
  const b = Math.floor(other / diskPage) * diskPage
  if (a < safe || b < safe || a === b || Math.max(a, b) + diskPage > log.length) return log
  const kept = Buffer.from(log.subarray(a, a + diskPage))
  log.copy(log, a, b, b + diskPage)
  kept.copy(log, b)
  return log
}

function noise(bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 167 + bytes * 31 + 13) % 256))
}
