import { appendFileSync, readFileSync } from 'node:fs'
import type { FixMessage } from '../fix/message.js'
import { Tag } from '../fix/tag.js'

/** One delivery to a listener. */
export interface Delivery {
  readonly msgSeqNum: number
  readonly possDup: boolean
  readonly clOrdId: string
}

export function deliveryOf(message: FixMessage): Delivery {
  return {
    msgSeqNum: message.msgSeqNum ?? 0,
    possDup: message.get(Tag.PossDupFlag) === 'Y',
    clOrdId: message.get(Tag.ClOrdID) ?? ''
  }
}

/**
 * What a listener was given, written down at once: the line is with the operating system before the listener returns, so
 * that a SIGKILL cannot take it back.
 */
export function writeDown(path: string, { msgSeqNum, possDup, clOrdId }: Delivery): void {
  appendFileSync(path, `${msgSeqNum} ${possDup ? 'Y' : 'N'} ${clOrdId}\n`)
}

export function readBack(path: string): Delivery[] {
  const lines = readFileSync(path, 'latin1').split('\n')
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [msgSeqNum = '0', possDup, clOrdId = ''] = line.split(' ')
      return { msgSeqNum: Number(msgSeqNum), possDup: possDup === 'Y', clOrdId }
    })
}
