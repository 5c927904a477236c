import type { ParsedAcceptorConfig } from '../config/config.js'
import type { FixMessage } from '../fix/message.js'
import type { Logger } from '../log.js'
import { networkOf } from '../transport/remote-address.js'
import type { Connection } from '../transport/transport.js'
import { WaitingRoom } from '../transport/waiting-room.js'
import { allowedAddresses } from './allowed-addresses.js'
import { Farewells, turnAway } from './farewells.js'
import type { Host } from './host.js'
import { LogonRate } from './logon-rate.js'
import { peerOf } from './peer.js'
import { RefusalLog } from './refusal-log.js'
import { Visitor } from './visitor.js'

type Limits = ParsedAcceptorConfig['listener']

/** Why a connection is turned away, and whose log says so; undefined: the listener's. */
export interface Refusal {
  readonly why: string
  readonly logger: Logger | undefined
}

/** Takes over a connection that has begun with a Logon, or says why not; `bytes` is all that was read of it. */
export type Introduction = (connection: Connection, bytes: Uint8Array, logon: FixMessage) => Refusal | undefined

/** Where everything comes in that dials a listener. Strangers get no byte (DESIGN, law 7), and cannot keep others out. */
export class Door {
  private readonly limits: Limits | undefined
  private readonly hosts: ReadonlyMap<string, Host>
  private readonly introduce: Introduction
  private readonly first: Host
  private readonly log: RefusalLog
  private readonly rate: LogonRate | undefined
  private readonly farewells: Farewells
  private readonly visitors = new WaitingRoom<Visitor>()
  /** Connections by network, where there is a limit to them. */
  private readonly counts = new Map<string, number>()
  private readonly ranges = new AllowedRanges()
  private logonTimeout = 0

  /** `first` is the first host; its logger tells what concerns no other. */
  constructor(first: Host, hosts: ReadonlyMap<string, Host>, introduce: Introduction) {
    const { limits } = first.terms
    this.first = first
    this.limits = limits
    this.hosts = hosts
    this.introduce = introduce
    this.log = new RefusalLog(first.clock, first.logger)
    this.farewells = new Farewells(first.clock)
    const perSecond = limits?.maxLogonsPerSecond
    this.rate = perSecond === undefined ? undefined : new LogonRate(perSecond)
  }

  joined(host: Host): void {
    this.logonTimeout = Math.max(this.logonTimeout, host.logonTimeout)
    this.ranges.add(host.allowedRemoteAddresses)
  }

  left(host: Host): void {
    this.ranges.delete(host.allowedRemoteAddresses)
  }

  /** Somebody has come; see `Welcome`. */
  welcome(remoteAddress: string): (() => void) | string {
    const why = this.objectionTo(remoteAddress)
    if (why !== undefined) {
      this.log.warn({ peer: remoteAddress }, `Refused: ${why}.`, { from: remoteAddress })
      return why
    }
    if (this.limits?.maxConnectionsPerAddress === undefined) return () => {}
    const network = networkOf(remoteAddress)
    this.counts.set(network, this.countOf(network) + 1)
    return () => {
      const left = this.countOf(network) - 1
      if (left > 0) this.counts.set(network, left)
      else this.counts.delete(network)
    }
  }

  /** Takes a connection that is to begin with a Logon. */
  greet(connection: Connection): void {
    const most = (this.limits?.maxPendingConnections ?? 0) + 2 * this.hosts.size
    if (this.visitors.size >= most) {
      const why = `${most} connections wait for a Logon, this one the longest of the address with the most`
      this.visitors.longestOfBusiest()?.dismiss(why)
    }
    const { remoteAddress } = connection
    const patience = {
      firstByteTimeout: this.limits?.firstByteTimeout,
      logonTimeout: this.logonTimeout,
      maxLogonLength: this.limits?.maxLogonLength ?? 0
    }
    const visitor: Visitor = new Visitor(connection, this.first.clock, patience, {
      introduced: (logon, bytes) => {
        this.farewells.begin(connection)
        const refusal = this.introduce(connection, bytes, logon)
        if (refusal === undefined) return
        this.refused(connection, refusal.why, refusal.logger)
        turnAway(connection)
      },
      refused: (why) => this.refused(connection, why),
      gone: () => this.visitors.delete(remoteAddress, visitor)
    })
    this.visitors.add(remoteAddress, visitor)
  }

  /** Why the Logon that came on a connection cannot be looked at now. */
  busy({ remoteAddress }: Connection): string | undefined {
    if (this.rate?.logon(remoteAddress, this.first.clock.monotonic()) ?? true) return undefined
    return `more than ${this.rate?.perSecond} Logons came within a second (listener.maxLogonsPerSecond)`
  }

  /** Nobody listens any more. */
  close(): void {
    for (const visitor of this.visitors.all()) visitor.dismiss('nobody listens any more')
    this.farewells.close()
    this.log.close()
  }

  private refused(connection: Connection, why: string, logger?: Logger): void {
    this.log.warn({ peer: peerOf(connection) }, `Refused: ${why}.`, { from: connection.remoteAddress, logger })
  }

  private objectionTo(remoteAddress: string): string | undefined {
    if (!this.ranges.admit(remoteAddress)) return 'its address is none of allowedRemoteAddresses'
    const most = this.limits?.maxConnectionsPerAddress
    if (most !== undefined && this.countOf(networkOf(remoteAddress)) >= most)
      return `${most} connections of its address are there already (listener.maxConnectionsPerAddress)`
    if (this.rate?.comes(remoteAddress, this.first.clock.monotonic()) ?? true) return undefined
    return `more than ${this.rate?.perSecond} connections of its address came within a second (listener.maxLogonsPerSecond)`
  }

  private countOf(network: string): number {
    return this.counts.get(network) ?? 0
  }
}

/** The addresses from which somebody's counterparty may come. Thousands of sessions mostly have the same. */
class AllowedRanges {
  private readonly lists = new Map<string, { readonly admits: (address: string) => boolean; users: number }>()

  add(ranges: readonly string[] | undefined): void {
    const key = keyOf(ranges)
    const known = this.lists.get(key)
    if (known === undefined) this.lists.set(key, { admits: allowedAddresses(ranges), users: 1 })
    else known.users++
  }

  delete(ranges: readonly string[] | undefined): void {
    const key = keyOf(ranges)
    const known = this.lists.get(key)
    if (known !== undefined && --known.users === 0) this.lists.delete(key)
  }

  admit(address: string): boolean {
    if (this.lists.has(ANYWHERE)) return true
    for (const { admits } of this.lists.values()) if (admits(address)) return true
    return false
  }
}

const ANYWHERE = ''

const keyOf = (ranges: readonly string[] | undefined) => (ranges === undefined ? ANYWHERE : ranges.join())
