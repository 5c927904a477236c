import { describe, it } from 'vitest'
import { survivesEverything } from './trial.js'

describe('gapfill and QuickFIX', () => {
  it('gapfill dials, FIX.4.4, 10,000 orders each way', async () => {
    await survivesEverything({
      acceptor: 'quickfix',
      initiator: 'gapfill',
      beginString: 'FIX.4.4',
      orders: 10_000,
      rate: 4000
    })
  })

  it('QuickFIX dials, FIX.4.4, 10,000 orders each way', async () => {
    await survivesEverything({
      acceptor: 'gapfill',
      initiator: 'quickfix',
      beginString: 'FIX.4.4',
      orders: 10_000,
      rate: 4000
    })
  })

  it('gapfill dials, FIX.4.2, each order answered by an ExecutionReport(8)', async () => {
    await survivesEverything({
      acceptor: 'quickfix',
      initiator: 'gapfill',
      beginString: 'FIX.4.2',
      orders: 3000,
      rate: 1500,
      echoReports: true
    })
  })

  it('QuickFIX dials, FIX.4.2, each order answered by an ExecutionReport(8)', async () => {
    await survivesEverything({
      acceptor: 'gapfill',
      initiator: 'quickfix',
      beginString: 'FIX.4.2',
      orders: 3000,
      rate: 1500,
      echoReports: true
    })
  })
})
