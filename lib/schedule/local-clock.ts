import type { Zone } from 'luxon'
import { luxon } from '../packages.js'

/*
 * Luxon is asked one thing only: how far a zone's clocks are from UTC at a moment. The way back, from what a clock
 * shows to the moment, is found here. `DateTime.fromObject` will not do for it: for a time that comes twice its answer
 * depends on the day on which it is asked, and a time that does not exist it moves on by the length of the gap.
 */

const hour = 3_600_000
const day = 24 * hour

/** Clocks have never been further from UTC (Manila 15:56 behind, Sitka 15:02 ahead, both in the 19th century). */
const farthest = 16 * hour

/** Clocks are not changed twice within this time. */
const cellLength = 6 * hour

/** Cells remembered per zone: years of them. */
const mostCells = 4096

/** The clocks of a zone for `cellLength`: at one distance from UTC before `change`, at another from then on. */
interface Cell {
  readonly before: number
  readonly change: number
  readonly after: number
}

/** A time in which the clocks of a zone are not changed. */
interface Piece {
  readonly from: number
  readonly until: number
  readonly offset: number
}

/**
 * The clocks on the walls of one time zone. Moments are milliseconds since the epoch, UTC. What a clock shows is
 * written the same way, as if it were UTC; a date is a number of days since 1970-01-01.
 */
export class LocalClock {
  readonly zone: string
  private readonly rules: Zone
  private readonly cells = new Map<number, Cell>()

  private constructor(rules: Zone) {
    this.zone = rules.name
    this.rules = rules
  }

  /** The clock of an IANA time zone; undefined when there is none of that name. All who ask for a zone share one clock. */
  static of(zone: string): LocalClock | undefined {
    const key = zone.toLowerCase()
    const known = clocks.get(key)
    if (known !== undefined || !luxon().IANAZone.isValidZone(zone)) return known
    const clock = new LocalClock(luxon().IANAZone.create(zone))
    clocks.set(key, clock)
    return clock
  }

  /** The clock of the zone that this machine is set to. */
  static ofSystem(): LocalClock {
    return LocalClock.of(luxon().SystemZone.instance.name) ?? new LocalClock(luxon().SystemZone.instance)
  }

  /** The date that the clock shows at a moment. */
  dateAt(time: number): number {
    const cell = this.cell(Math.floor(time / cellLength))
    return Math.floor((time + (time < cell.change ? cell.before : cell.after)) / day)
  }

  /**
   * The first moment at which the clock shows `seconds` after midnight of a date, or later. For a time that does not
   * exist this is the end of the gap; of a time that comes twice, the first.
   */
  firstAt(date: number, seconds: number): number {
    const shown = date * day + seconds * 1000
    for (const piece of this.piecesAround(shown)) {
      const time = Math.max(piece.from, shown - piece.offset)
      if (time < piece.until) return time
    }
    return shown + farthest
  }

  /**
   * The moment from which on the clock never again shows less than `seconds` after midnight of a date. For a time that
   * does not exist this is the end of the gap; of a time that comes twice, the last.
   */
  lastAt(date: number, seconds: number): number {
    const shown = date * day + seconds * 1000
    for (const piece of this.piecesAround(shown).reverse()) {
      const time = Math.min(piece.until, shown - piece.offset)
      if (time > piece.from) return time
    }
    return shown - farthest
  }

  /** Every moment at which a clock can show this, wherever on Earth it hangs. */
  private piecesAround(shown: number): Piece[] {
    const pieces: Piece[] = []
    const last = Math.floor((shown + farthest) / cellLength)
    for (let index = Math.floor((shown - farthest) / cellLength); index <= last; index++) {
      const { before, change, after } = this.cell(index)
      const from = index * cellLength
      const until = from + cellLength
      if (change > from) pieces.push({ from, until: Math.min(change, until), offset: before })
      if (change < until) pieces.push({ from: change, until, offset: after })
    }
    return pieces
  }

  private cell(index: number): Cell {
    const known = this.cells.get(index)
    if (known !== undefined) return known
    const from = index * cellLength
    const until = from + cellLength
    const before = this.offsetAt(from)
    const after = this.offsetAt(until)
    const cell = { before, change: before === after ? until : this.findChange(from, until, before), after }
    if (this.cells.size === mostCells) this.cells.clear()
    this.cells.set(index, cell)
    return cell
  }

  /** To the second: finer steps no zone has. */
  private findChange(from: number, until: number, before: number): number {
    let low = from / 1000
    let high = until / 1000
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (this.offsetAt(middle * 1000) === before) low = middle
      else high = middle
    }
    return high * 1000
  }

  private offsetAt(time: number): number {
    return Math.round(this.rules.offset(time) * 60_000)
  }
}

const clocks = new Map<string, LocalClock>()
