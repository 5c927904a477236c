// The counterparties of many acceptor sessions, in one process: node --expose-gc crowd.js

import { orderFields } from '../corpus/session-messages.js'
import { latencies, quantile } from '../peer/latency.js'
import { serve } from '../peer/serve.js'
import { PlainSession } from './plain-session.js'

/** Connections that are made at once. */
const AT_ONCE = 64

/** One that keeps its session alive by heartbeats, and notes when those of the engine come. */
class Member extends PlainSession {
  /** Milliseconds between the engine's messages, while nothing else is said. */
  silences = []
  #last = 0
  dueAt = 0

  async join(port, heartBtInt) {
    await this.logOn(port, heartBtInt)
    this.#last = performance.now()
    this.dueAt = this.#last + heartBtInt * 1000
    this.onRead = () => {
      const now = performance.now()
      this.silences.push(now - this.#last)
      this.#last = now
    }
  }

  beat(now, interval) {
    if (now < this.dueAt) return
    this.dueAt += interval
    this.send([[35, '0']])
  }
}

let members = []
let interval = 0

serve({
  async logOn(port, count, heartBtInt) {
    interval = Number(heartBtInt) * 1000
    const started = performance.now()
    let next = 0
    const joinMore = async () => {
      while (next < Number(count)) {
        const member = new Member(`CLIENT${next++}`, 'BROKER')
        await member.join(Number(port), Number(heartBtInt))
        members.push(member)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, joinMore))
    setInterval(() => {
      const now = performance.now()
      for (const member of members) member.beat(now, interval)
    }, 50)
    return { seconds: (performance.now() - started) / 1000 }
  },

  /** How late the engine's heartbeats were, in milliseconds, all of the last `seconds`. */
  async heartbeats(seconds) {
    for (const member of members) member.silences = []
    await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000))
    // The silence before the first one began before it was looked at, and counts like the others.
    const late = Float64Array.from(
      members.flatMap(({ silences }) => silences.map((silence) => silence - interval))
    ).sort()
    const silent = members.filter(({ silences }) => silences.length === 0).length
    return { count: late.length, silent, p50: quantile(late, 0.5), p99: quantile(late, 0.99), max: quantile(late, 1) }
  },

  /** Orders of one of them, each sent when the report of the one before has come. */
  async roundTrips(count) {
    const [member] = members
    const times = []
    for (let n = 1; n <= Number(count); n++) {
      const next = member.count + 1
      const start = process.hrtime.bigint()
      member.send([[35, 'D'], ...orderFields(n)])
      await member.received(next)
      times.push(Number(process.hrtime.bigint() - start))
    }
    return latencies(times)
  },

  leave() {
    for (const member of members) member.close()
    members = []
  }
})
