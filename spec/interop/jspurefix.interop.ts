import { describe, it } from 'vitest'
import { survivesEverything } from './trial.js'

describe('gapfill and jspurefix', () => {
  it('gapfill dials, FIX.4.4, 10,000 orders each way', async () => {
    await survivesEverything({
      acceptor: 'jspurefix',
      initiator: 'gapfill',
      beginString: 'FIX.4.4',
      orders: 10_000,
      rate: 2500
    })
  })

  it('jspurefix dials, FIX.4.4, 10,000 orders each way', async () => {
    await survivesEverything({
      acceptor: 'gapfill',
      initiator: 'jspurefix',
      beginString: 'FIX.4.4',
      orders: 10_000,
      rate: 2500
    })
  })

  it('gapfill dials, FIX.4.2, each order answered by an ExecutionReport(8)', async () => {
    await survivesEverything({
      acceptor: 'jspurefix',
      initiator: 'gapfill',
      beginString: 'FIX.4.2',
      orders: 3000,
      rate: 750,
      echoReports: true
    })
  })

  it('jspurefix dials, FIX.4.2, each order answered by an ExecutionReport(8)', async () => {
    await survivesEverything({
      acceptor: 'gapfill',
      initiator: 'jspurefix',
      beginString: 'FIX.4.2',
      orders: 3000,
      rate: 750,
      echoReports: true
    })
  })
})
