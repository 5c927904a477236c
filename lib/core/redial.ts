import type { CoreSettings } from './settings.js'

/**
 * Which endpoint an initiator dials next, and when. All endpoints are tried without a pause; after a round without a
 * logon comes `reconnectInterval` (of a list: its next entry, the last one again and again).
 *
 * A host that takes the connection but never answers the Logon has failed like one that refuses it.
 */
export class Redial {
  private readonly endpoints: number
  private readonly intervals: readonly number[]
  private readonly priority: boolean
  endpoint = 0
  private tried = 0
  private rounds = 0

  constructor(settings: CoreSettings, endpoints: number) {
    this.endpoints = endpoints
    const { reconnectInterval = 30 } = settings
    this.intervals = typeof reconnectInterval === 'number' ? [reconnectInterval] : reconnectInterval
    this.priority = settings.hostSelectionPolicy === 'priority'
  }

  /** A logon succeeded: the same endpoint is the first choice next time, unless the first of the list has priority. */
  succeeded(): void {
    this.tried = 0
    this.rounds = 0
  }

  /** A logged-on link ended: milliseconds until the next dial. */
  lost(): number {
    if (this.priority) this.endpoint = 0
    this.tried = 0
    return this.pause()
  }

  /** A dial or logon failed: milliseconds until the next dial. */
  failed(): number {
    this.endpoint = (this.endpoint + 1) % this.endpoints
    this.tried++
    if (this.tried < this.endpoints) return 0
    this.tried = 0
    if (this.priority) this.endpoint = 0
    return this.pause()
  }

  restart(): void {
    this.tried = 0
    this.rounds = 0
    if (this.priority) this.endpoint = 0
  }

  private pause(): number {
    const interval = this.intervals[Math.min(this.rounds, this.intervals.length - 1)] ?? 30
    this.rounds++
    return interval * 1000
  }
}
