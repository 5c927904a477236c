import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Draw } from './random.js'
import { wireText } from './wire.js'

const SYMBOLS = ['MSFT', 'AAPL', 'VOD', 'BARC', 'SIE', 'NESN', 'TSLA', 'BRK.A', 'F', 'GOOGL']
const EXCHANGES = ['XNAS', 'XNYS', 'XLON', 'XETR']
const ENTRIES = 20

/**
 * The three messages, each with the seed of its values and what a decode reads of it: `reads` of the message, `groupReads`
 * of each entry of the repeating group `group`.
 */
export const messages = {
  NewOrderSingle: { seed: 11, fields: newOrderSingle, reads: [11, 55, 54, 38, 44] },
  ExecutionReport: { seed: 8, fields: executionReport, reads: [37, 11, 39, 32, 31] },
  MarketDataSnapshot: { seed: 87, fields: marketDataSnapshot, reads: [], group: 268, groupReads: [270, 271] }
}

export const corpusSize = 10_000

/** The texts of one message, the same ones every time. */
export function textsOf(name, count = corpusSize) {
  const { seed, fields } = messages[name]
  const draw = new Draw(seed)
  return Array.from({ length: count }, (_, index) => wireText(fields(draw, index + 1)))
}

/** Writes `<name>.fix` for every message, one text a line. Answers the average length of each. */
export function writeCorpus(directory, count = corpusSize) {
  mkdirSync(directory, { recursive: true })
  return Object.fromEntries(
    Object.keys(messages).map((name) => {
      const texts = textsOf(name, count)
      const lines = texts.join('\n')
      writeFileSync(join(directory, `${name}.fix`), lines, 'latin1')
      return [name, Math.round((lines.length + 1) / texts.length - 1)]
    })
  )
}

function header(draw, msgType, msgSeqNum, sender, target) {
  return [
    [35, msgType],
    [34, msgSeqNum],
    [49, sender],
    [52, `20260105-${draw.time()}`],
    [56, target]
  ]
}

function newOrderSingle(draw, index) {
  return [
    ...header(draw, 'D', index, 'BUYSIDE', 'BROKER'),
    [11, `A${draw.whole(100_000, 9_999_999)}`],
    [38, draw.whole(1, 500) * 100],
    [40, '2'],
    [44, draw.price(1, 900)],
    [54, draw.one(['1', '2'])],
    [55, draw.one(SYMBOLS)],
    [59, draw.one(['0', '3'])],
    [60, `20260105-${draw.time()}`]
  ]
}

function executionReport(draw, index) {
  const quantity = draw.whole(2, 500) * 100
  const filled = draw.whole(1, quantity / 100) * 100
  const last = draw.whole(1, filled / 100) * 100
  const price = draw.price(1, 900)
  return [
    ...header(draw, '8', index, 'BROKER', 'BUYSIDE'),
    [1, `ACCOUNT-${draw.whole(1_000, 9_999)}`],
    [6, price],
    [11, `A${draw.whole(100_000, 9_999_999)}`],
    [14, filled],
    [15, 'USD'],
    [17, `EXEC-${draw.whole(10_000_000, 99_999_999)}`],
    [30, draw.one(EXCHANGES)],
    [31, price],
    [32, last],
    [37, `ORDER-${draw.whole(10_000_000, 99_999_999)}`],
    [38, quantity],
    [39, filled === quantity ? '2' : '1'],
    [40, '2'],
    [44, price],
    [54, draw.one(['1', '2'])],
    [55, draw.one(SYMBOLS)],
    [58, `filled by ${draw.one(['the book', 'an auction', 'a crossing order'])}`],
    [59, draw.one(['0', '3'])],
    [60, `20260105-${draw.time()}`],
    [64, '20260107'],
    [75, '20260105'],
    [150, 'F'],
    [151, quantity - filled],
    [207, draw.one(EXCHANGES)]
  ]
}

function marketDataSnapshot(draw, index) {
  const entries = []
  for (let entry = 0; entry < ENTRIES; entry++) {
    entries.push(
      [269, entry < ENTRIES / 2 ? '0' : '1'],
      [270, draw.price(1, 900)],
      [15, 'USD'],
      [271, draw.whole(1, 900) * 100],
      [272, '20260105'],
      [273, draw.time()],
      [346, draw.whole(1, 99)],
      [290, (entry % (ENTRIES / 2)) + 1]
    )
  }
  return [
    ...header(draw, 'W', index, 'BROKER', 'BUYSIDE'),
    [262, `MD-${draw.whole(1_000, 9_999)}`],
    [55, draw.one(SYMBOLS)],
    [268, ENTRIES],
    ...entries
  ]
}
