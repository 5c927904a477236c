import type { Clock, Timer } from '../clock.js'
import type { Connection } from '../transport/transport.js'
import { WaitingRoom } from '../transport/waiting-room.js'

/** Answers of authenticate whose times are remembered. */
const MOST_TIMES = 32

/** Connections that may be held open before they are closed; beyond it the one that has waited longest, of the network with the most, goes. */
const MOST_HELD = 1024

/** Milliseconds below which nothing is held: a timer would take longer. */
const AT_ONCE = 1

/** A connection whose Logon has come and nobody has let in. */
interface Guest {
  readonly farewells: Farewells
  /** When its Logon came, by the monotonic clock. */
  readonly since: number
  /** `authenticate` has refused it: it has taken its time already. */
  judged: boolean
}

const guests = new WeakMap<Connection, Guest>()

/**
 * How those are closed whose Logon is refused, at one listener: without a byte, and no sooner than if `authenticate` had been asked. By the
 * time alone nobody is to tell whether the CompIDs are known here or the password was wrong. Each takes as long as one of the latest
 * answers of `authenticate` did, in turn; where that answers at once, or is not there, nobody waits.
 */
export class Farewells {
  private readonly clock: Clock
  private readonly times: number[] = []
  private answers = 0
  private farewells = 0
  private isOpen = true
  private readonly held = new WaitingRoom<() => void>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Its Logon has come. */
  begin(connection: Connection): void {
    guests.set(connection, { farewells: this, since: this.clock.monotonic(), judged: false })
  }

  /** Those that are held are closed. */
  close(): void {
    this.isOpen = false
    for (const end of this.held.all()) end()
  }

  answered(since: number): void {
    this.times[this.answers++ % MOST_TIMES] = this.clock.monotonic() - since
  }

  bid(connection: Connection, since: number): void {
    const time = this.times[this.farewells++ % this.times.length] ?? 0
    const wait = since + time - this.clock.monotonic()
    if (wait < AT_ONCE || !this.isOpen) connection.destroy()
    else this.hold(connection, wait)
  }

  /** As one waits about whom `authenticate` is asked: nothing more is read. */
  private hold(connection: Connection, wait: number): void {
    if (this.held.size >= MOST_HELD) this.held.longestOfBusiest()?.()
    const { remoteAddress } = connection
    const over = (): void => {
      timer.cancel()
      this.held.delete(remoteAddress, end)
    }
    const end = (): void => {
      over()
      connection.destroy()
    }
    const timer: Timer = this.clock.setTimer(end, wait)
    this.held.add(remoteAddress, end)
    connection.pause()
    connection.start({ data: () => {}, drain: () => {}, close: over })
  }
}

/** `authenticate` has answered about its Logon. */
export function judged(connection: Connection, admitted: boolean): void {
  const guest = guests.get(connection)
  if (guest === undefined) return
  guest.farewells.answered(guest.since)
  if (admitted) guests.delete(connection)
  else guest.judged = true
}

/** It is no guest any more: it is talked to, and closed as others are. */
export function letIn(connection: Connection): void {
  guests.delete(connection)
}

/** Closes a connection whose Logon is refused, without a byte. */
export function turnAway(connection: Connection): void {
  if (!farewell(connection)) connection.destroy()
}

/** As `turnAway`; false, and nothing has been done, where it is no guest. */
export function farewell(connection: Connection): boolean {
  const guest = guests.get(connection)
  if (guest === undefined) return false
  guests.delete(connection)
  if (guest.judged) connection.destroy()
  else guest.farewells.bid(connection, guest.since)
  return true
}
