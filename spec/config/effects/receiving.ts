import { expect } from 'vitest'
import { MemoryJournal } from '../../../lib/index.js'
import { accepted, type Effects } from './world.js'

export const receiving: Effects = {
  ack: async () => {
    const durable = async (ack: 'auto' | 'manual') => {
      const journal = new MemoryJournal()
      const { us, them } = await accepted({ ack }, { journal })
      await them.say('35=D|34=2|11=A')
      return journal.load(us.id, 0).nextNumIn
    }
    expect(await durable('auto')).toBe(3)
    expect(await durable('manual')).toBe(2)
  },
  maxUnacknowledged: async () => {
    const delivered = async (maxUnacknowledged: number) => {
      const { us, them } = await accepted({ ack: 'manual', maxUnacknowledged })
      await them.say('35=D|34=2|11=A', '35=D|34=3|11=B', '35=D|34=4|11=C')
      return us.seen.messages.length
    }
    expect(await delivered(2)).toBe(2)
    expect(await delivered(3)).toBe(3)
  },
  onListenerError: async () => {
    const after = async (onListenerError: 'continue' | 'reject' | 'disconnect') => {
      const { us, them } = await accepted({ onListenerError })
      us.on('message', () => {
        throw new Error('a bug')
      })
      await them.say('35=D|34=2|11=A')
      return [them.heard().map((text) => text.slice(0, 4)), them.closed, us.nextNumIn]
    }
    expect(await after('continue')).toEqual([[], [], 3])
    expect(await after('reject')).toEqual([['35=j'], [], 3])
    expect(await after('disconnect')).toEqual([[], ['PEER_CLOSED'], 2])
  }
}
