import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { SessionConfig } from '../../lib/index.js'
import { inMemory, type MakeWorld, throughProxy, type World } from './world.js'

/*
 * Whole sessions over networks that have every fault: whatever happens, both listeners are given every message once, in
 * order, as soon as the network lets them. Nothing here waits for a time, only for what has to happen.
 */

const networks: [string, MakeWorld][] = [
  ['in memory, under a virtual clock', inMemory],
  ['by TCP, through FaultProxy', throughProxy]
]

describe.each(networks)('%s', (_, make) => {
  const worlds: World[] = []

  afterEach(async () => {
    for (const world of worlds.splice(0)) {
      world.network.resume()
      await world.stop()
    }
  })

  async function loggedOn(acceptor: Partial<SessionConfig> = {}, initiator: Partial<SessionConfig> = {}) {
    const world = await make(acceptor, initiator)
    worlds.push(world)
    void world.buySide.session.connect()
    await active(world)
    return world
  }

  const active = (world: World): Promise<void> =>
    world.until(() => [world.broker, world.buySide].every(({ session }) => session.state === 'Active'))

  /** Sends some each way and waits until all that was ever sent has arrived. */
  async function allArrives(world: World, count = 3): Promise<void> {
    const { broker, buySide } = world
    for (const party of [broker, buySide]) {
      const before = party.sent.length
      await world.until(() => {
        while (party.sent.length < before + count) if (!party.send()) return false
        return true
      })
    }
    await world.until(() => broker.got.length >= buySide.sent.length && buySide.got.length >= broker.sent.length)
    expect(broker.got).toEqual(buySide.sent)
    expect(buySide.got).toEqual(broker.sent)
    expect([broker.errors, buySide.errors]).toEqual([[], []])
  }

  it('a cut after any byte, in either direction', { timeout: 120_000 }, async () => {
    const world = await loggedOn()
    const { network, broker, buySide } = world
    const cut = fc.record({
      direction: fc.constantFrom('toAcceptor' as const, 'toInitiator' as const),
      bytes: fc.nat(700),
      /** Of the link that is there, or of the next one, so that Logons are cut too. */
      next: fc.boolean()
    })
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 3 }), async (cuts) => {
        for (const { direction, bytes, next } of cuts) {
          await active(world)
          const ended = broker.ends.length + buySide.ends.length
          if (next) network.cut()
          await world.until(() => !next || network.links.length === 0)
          network.cutAfterBytes(direction, bytes)
          await world.until(() => {
            for (const party of [broker, buySide]) if (party.sent.length - ended < 2000) party.send()
            return broker.ends.length + buySide.ends.length >= ended + (next ? 3 : 2)
          })
        }
        await active(world)
        await allArrives(world)
      }),
      { numRuns: 25, endOnFailure: true }
    )
  })

  it('a half-open connection: the acceptor is not told, and lets nobody else in until it has found out', async () => {
    // Twenty refusals in a row would make it dial once in a minute only.
    const world = await loggedOn({}, { reconnectInterval: 0.5 })
    await allArrives(world)
    world.network.halfOpen()
    world.broker.send()
    await world.until(() => world.broker.ends.includes('HEARTBEAT_TIMEOUT'))
    await active(world)
    await allArrives(world)
  })

  it.each(['replace', 'probe'] as const)(
    'a half-open connection: the counterparty gets back in at once with duplicateLogon "%s"',
    async (duplicateLogon) => {
      const world = await loggedOn({ duplicateLogon, probeTimeout: 0.2, heartBtInt: 30 }, { heartBtInt: 30 })
      await allArrives(world)
      world.network.halfOpen()
      world.broker.send()
      await world.until(() => world.broker.ends.includes('REPLACED'))
      await active(world)
      await allArrives(world)
    }
  )

  it.each(['toAcceptor', 'toInitiator'] as const)('loss in one direction: %s', async (direction) => {
    const world = await loggedOn()
    await allArrives(world)
    world.network.blackHole(direction)
    for (const party of [world.broker, world.buySide]) party.send()
    // Who hears nothing finds out; who is heard no more is told by the close, or finds out that it is not answered.
    await world.until(() => world.broker.ends.length > 0 && world.buySide.ends.length > 0)
    world.network.resume()
    await active(world)
    await allArrives(world)
  })

  it('a stall beyond the heartbeats, after which everything comes at once', async () => {
    const world = await loggedOn()
    await allArrives(world)
    world.network.stall()
    for (const party of [world.broker, world.buySide]) for (let n = 0; n < 5; n++) party.send()
    await world.until(() => world.broker.ends.length > 0 && world.buySide.ends.length > 0)
    expect([...world.broker.ends, ...world.buySide.ends]).toContain('HEARTBEAT_TIMEOUT')
    world.network.resume()
    await active(world)
    await allArrives(world)
  })

  it('a stall shorter than the heartbeats ends nothing', async () => {
    const world = await loggedOn({}, { heartBtInt: 30 })
    for (const direction of ['toAcceptor', 'toInitiator', undefined] as const) {
      world.network.stall(direction)
      for (const party of [world.broker, world.buySide]) party.send()
      world.network.resume(direction)
      await allArrives(world)
    }
    expect([world.broker.ends, world.buySide.ends]).toEqual([[], []])
  })

  it('connections in the wrong order: what the old one still held comes when the new one is logged on', async () => {
    const world = await loggedOn({ duplicateLogon: 'replace', heartBtInt: 30 }, { heartBtInt: 30 })
    const { network, broker, buySide } = world
    await allArrives(world)
    const [old] = network.links
    old?.stall()
    for (const party of [broker, buySide]) for (let n = 0; n < 3; n++) party.send()
    // The initiator leaves, and its close is held up behind its orders; then it comes again.
    void buySide.session.disconnect()
    await world.until(() => buySide.ends.length > 0)
    void buySide.session.connect()
    await world.until(() => broker.ends.includes('REPLACED'))
    await active(world)
    old?.resume()
    await allArrives(world)
    expect(broker.ends).toEqual(['REPLACED'])
  })

  it('latency and writes of one byte', { timeout: 60_000 }, async () => {
    const world = await loggedOn({}, { heartBtInt: 30, logonTimeout: 30 })
    const { network, broker, buySide } = world
    network.chunkSize = 1
    let turn = 0
    network.latency = () => turn++ % 4
    await allArrives(world, 5)
    expect([broker.ends, buySide.ends]).toEqual([[], []])
    network.cut()
    await world.until(() => broker.ends.length > 0 && buySide.ends.length > 0)
    await active(world)
    await allArrives(world, 5)
  })

  it('no listener for a while, and dials that are never answered', async () => {
    const world = await loggedOn({}, { connectTimeout: 0.2 })
    const { network, broker, buySide } = world
    await allArrives(world)
    network.stall()
    network.cut()
    await world.until(() => buySide.ends.length > 2)
    network.resume()
    await active(world)
    await allArrives(world)
    expect(broker.ends.length).toBeGreaterThan(0)
  })
})
