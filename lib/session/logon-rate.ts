import { TokenBucket } from '../core/token-bucket.js'
import { networkOf } from '../transport/remote-address.js'

/** Networks that are told apart; further ones share what one may have. */
const MOST_NETWORKS = 4096

/**
 * How often somebody may come to a listener (`listener.maxLogonsPerSecond`): from one network so many connections a second, whatever
 * they say, so that a stranger cannot make us work; and from all of them together so many Logons for sessions a second.
 *
 * Of the Logons that may come at once half are kept for networks that have used less than half of their own: whoever guesses passwords as
 * fast as may be keeps nobody else out.
 */
export class LogonRate {
  readonly perSecond: number
  private readonly all: TokenBucket
  /** The one that came last is last. */
  private readonly networks = new Map<string, TokenBucket>()
  private readonly further: TokenBucket

  constructor(perSecond: number) {
    this.perSecond = perSecond
    this.all = new TokenBucket({ messagesPerSecond: perSecond, burst: 2 * perSecond })
    this.further = this.newBucket()
  }

  /** Somebody has come from there; false: too often. */
  comes(remoteAddress: string, mono: number): boolean {
    const network = networkOf(remoteAddress)
    const bucket = this.networks.get(network) ?? this.makeRoom(mono)
    if (bucket.nextAt > mono) return false
    bucket.take(mono)
    if (bucket === this.further) return true
    this.networks.delete(network)
    this.networks.set(network, bucket)
    return true
  }

  /** Somebody who came from there has said Logon for one of the sessions; false: too many have. */
  logon(remoteAddress: string, mono: number): boolean {
    const own = this.networks.get(networkOf(remoteAddress))
    const isBusy = own !== undefined && this.tokensOf(own, this.perSecond, mono) < this.perSecond / 2
    const left = this.tokensOf(this.all, 2 * this.perSecond, mono) - 1
    if (left < (isBusy ? this.perSecond : 0)) return false
    this.all.take(mono)
    return true
  }

  private tokensOf(bucket: TokenBucket, burst: number, mono: number): number {
    return Math.min(burst, 1 + ((mono - bucket.nextAt) * this.perSecond) / 1000)
  }

  private newBucket(): TokenBucket {
    return new TokenBucket({ messagesPerSecond: this.perSecond })
  }

  /** Those that have not come for long are no different from those that never came. */
  private makeRoom(mono: number): TokenBucket {
    for (const [network, bucket] of this.networks) {
      if (this.tokensOf(bucket, this.perSecond, mono) < this.perSecond) break
      this.networks.delete(network)
    }
    return this.networks.size < MOST_NETWORKS ? this.newBucket() : this.further
  }
}
