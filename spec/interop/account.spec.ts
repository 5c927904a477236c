import { describe, expect, it } from 'vitest'
import { account, type Delivery, type Sent } from './account.js'

/** `2:q-1 3:q-2` */
function sent(text: string): Sent[] {
  return text.split(' ').map((entry) => {
    const [number = '', clOrdId = ''] = entry.split(':')
    return { msgSeqNum: Number(number), msgType: 'D', clOrdId }
  })
}

/** As above; a trailing `!` is PossDupFlag(43)=Y. */
function delivered(text: string): Delivery[] {
  return sent(text).map((entry) => ({
    ...entry,
    clOrdId: entry.clOrdId.replace('!', ''),
    possDup: entry.clOrdId.endsWith('!')
  }))
}

const numbers = (messages: readonly Sent[]) => messages.map(({ msgSeqNum }) => msgSeqNum)

describe('account of one direction', () => {
  it('is clean when each message was delivered once', () => {
    expect(account(sent('2:q-1 3:q-2'), delivered('2:q-1 3:q-2'))).toEqual({
      sent: 2,
      delivered: 2,
      redelivered: 0,
      lost: [],
      doubled: [],
      foreign: [],
      outOfOrder: []
    })
  })

  it('counts what never came as lost, unless its sender filled the gap', () => {
    expect(numbers(account(sent('2:q-1 3:q-2 4:q-3'), delivered('2:q-1')).lost)).toEqual([3, 4])
    expect(numbers(account(sent('2:q-1 3:q-2 4:q-3'), delivered('2:q-1'), new Set([3])).lost)).toEqual([4])
  })

  it('allows a second delivery only as a possible duplicate', () => {
    const again = account(sent('2:q-1 3:q-2'), delivered('2:q-1 3:q-2 2:q-1! 3:q-2'))
    expect(again.redelivered).toBe(1)
    expect(numbers(again.doubled)).toEqual([3])
  })

  it('sees one order under two numbers', () => {
    expect(numbers(account(sent('2:q-1 3:q-1'), delivered('2:q-1 3:q-1')).doubled)).toEqual([3])
  })

  it('sees what the sender has not sent, or not so', () => {
    expect(numbers(account(sent('2:q-1 3:q-2'), delivered('2:q-1 3:q-9 7:q-2!')).foreign)).toEqual([3, 7])
  })

  it('sees a first delivery behind a later number, and lets redeliveries come at any time', () => {
    const late = account(sent('2:q-1 3:q-2 4:q-3'), delivered('2:q-1 4:q-3 3:q-2! 2:q-1!'))
    expect(numbers(late.outOfOrder)).toEqual([3])
  })
})
