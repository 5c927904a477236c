import { expect } from 'vitest'
import type { Effect } from '../../lib/core/effect.js'
import type { CoreSession } from './core-session.js'

/** Watches the effects of a core and complains of what must not be. */
export class EffectWatch {
  private readonly s: CoreSession
  private state = 'Unknown'
  private nextIn: number
  private nextOut: number
  private durable: number
  private givenLast: unknown
  /** New numbers on the wire of this connection. */
  private onWire: number | undefined
  private readonly waiting: number[] = []
  private mayWrite = false
  private lastReceived = 0
  private readonly seen = new Set<number>()

  constructor(s: CoreSession) {
    this.s = s
    this.state = s.core.state
    this.nextIn = s.core.nextNumIn
    this.nextOut = s.core.nextNumOut
    this.durable = s.core.durableNumIn
  }

  /** After an input. */
  check(effects: readonly Effect[]): void {
    for (const effect of effects) this.effect(effect)
    const { core } = this.s
    expect(core.state).toBe(this.state)
    expect(core.nextNumOut).toBe(this.nextOut)
    expect(core.nextNumIn).toBeGreaterThanOrEqual(this.nextIn)
    this.nextIn = core.nextNumIn
    // Plainly, since this is asked after every input: an expectation takes as long as many of them.
    const { durableNumIn, intake } = core
    if (durableNumIn > core.nextNumIn || durableNumIn < this.durable) expect.fail(`durable number ${durableNumIn}`)
    this.durable = durableNumIn
    if (intake.size > (core.settings.maxUnacknowledged ?? 1000)) expect.fail(`${intake.size} unacknowledged`)
    if (intake.shut && core.phase.name === 'loggedOn' && !core.holding) expect.fail('shut, and not holding')
    expect(core.gap.size).toBeLessThanOrEqual(core.settings.maxHeldMessages)
    expect(core.replay.backlog).toBeLessThanOrEqual(core.settings.maxOutboundBuffer + 500)
    expect(effects.length).toBeLessThan(600)
    expect(core.effects).toHaveLength(0)
    if (!core.phase.connected) {
      expect(core.gap.size).toBe(0)
      expect(core.replay.active).toBe(false)
    }
  }

  private effect(effect: Effect): void {
    switch (effect.kind) {
      case 'reset':
        this.nextIn = 1
        this.durable = 1
        this.nextOut = 1
        this.onWire = undefined
        this.waiting.length = 0
        this.lastReceived = 0
        this.seen.clear()
        return
      case 'connect':
        this.mayWrite = true
        this.onWire = undefined
        this.waiting.length = 0
        return
      case 'close':
      case 'disconnect':
        this.mayWrite = false
        return
      case 'send':
        expect(this.waiting).toEqual([])
        this.numbered(effect.msgSeqNum, effect.bytes)
        this.written(effect.msgSeqNum)
        return
      case 'store':
        this.numbered(effect.msgSeqNum, effect.bytes)
        this.waiting.push(effect.msgSeqNum)
        return
      case 'write':
        this.written(this.waiting.shift())
        return
      case 'resend':
        expect(this.mayWrite).toBe(true)
        expect(effect.msgSeqNum).toBeGreaterThan(0)
        expect(effect.msgSeqNum).toBeLessThan(this.nextOut)
        expect(text(effect.bytes)).toContain('|43=Y|')
        if (effect.message.msgType === '4') {
          expect(Number(effect.message.get(36))).toBeGreaterThan(effect.msgSeqNum)
          expect(Number(effect.message.get(36))).toBeLessThanOrEqual(this.nextOut)
        }
        return
      case 'received':
        expect(effect.msgSeqNum).toBeGreaterThan(this.lastReceived)
        this.lastReceived = effect.msgSeqNum
        return
      case 'deliver': {
        const { message } = effect
        // What was postponed is to be given again.
        if (message === this.givenLast) return
        this.givenLast = message
        if (this.s.uncounted.has(message)) return
        const number = message.msgSeqNum ?? 0
        const again = message.get(43) === 'Y' || this.s.core.settings.onListenerError === 'disconnect'
        if (this.seen.has(number)) expect(again).toBe(true)
        this.seen.add(number)
        return
      }
      case 'stateChange':
        expect(effect.previous).toBe(this.state)
        expect(effect.state).not.toBe(this.state)
        this.state = effect.state
        return
      case 'readJournal':
        expect(effect.from).toBeGreaterThan(0)
        expect(effect.to).toBeGreaterThanOrEqual(effect.from)
        expect(effect.to).toBeLessThan(this.nextOut)
    }
  }

  private numbered(msgSeqNum: number, bytes: Uint8Array): void {
    expect(msgSeqNum).toBe(this.nextOut)
    expect(text(bytes)).toContain(`|34=${msgSeqNum}|`)
    this.nextOut++
  }

  private written(msgSeqNum: number | undefined): void {
    expect(this.mayWrite).toBe(true)
    expect(msgSeqNum).toBeDefined()
    if (this.onWire !== undefined) expect(msgSeqNum).toBe(this.onWire + 1)
    this.onWire = msgSeqNum
  }
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').replaceAll('\x01', '|')
