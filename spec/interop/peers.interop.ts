import { describe, it } from 'vitest'
import { survivesEverything } from './trial.js'

/** That what the other suites measure gapfill against is sound in itself. */
describe('the counterparties among themselves', () => {
  it('QuickFIX dials QuickFIX', async () => {
    await survivesEverything({
      acceptor: 'quickfix',
      initiator: 'quickfix',
      beginString: 'FIX.4.4',
      orders: 10_000,
      rate: 4000
    })
  })

  it('QuickFIX dials jspurefix', async () => {
    await survivesEverything({
      acceptor: 'jspurefix',
      initiator: 'quickfix',
      beginString: 'FIX.4.4',
      orders: 10_000,
      rate: 2500
    })
  })

  it('jspurefix dials QuickFIX', async () => {
    await survivesEverything({
      acceptor: 'quickfix',
      initiator: 'jspurefix',
      beginString: 'FIX.4.2',
      orders: 10_000,
      rate: 2500
    })
  })
})
