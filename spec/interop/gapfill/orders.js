import { FixMessage } from 'gapfill'

/** A Date as FIX's UTCTimestamp in milliseconds. */
function timestamp(time) {
  return time.toISOString().replaceAll('-', '').replace('T', '-').replace('Z', '')
}

/** The two messages that are exchanged, with what both FIX 4.2 and 4.4 demand of them. */
export function newOrderSingle(clOrdId) {
  return new FixMessage('D', {
    11: clOrdId,
    21: '1',
    38: '100',
    40: '2',
    44: '10.25',
    54: '1',
    55: 'MSFT',
    60: timestamp(new Date())
  })
}

export function executionReport(beginString, clOrdId) {
  const report = new FixMessage('8', {
    6: '0',
    11: clOrdId,
    14: '0',
    17: `exec-${clOrdId}`,
    37: `order-${clOrdId}`,
    39: '0',
    54: '1',
    55: 'MSFT',
    150: '0',
    151: '100'
  })
  if (beginString === 'FIX.4.2') report.set(20, '0')
  return report
}
