import { describe, it } from 'vitest'
import { beginsAnew, type Kinds, livesOnHeartbeats, logsOnAgain, resendsMuch, survivesEverything } from './trial.js'

const ROLES: readonly [string, Kinds][] = [
  ['gapfill dials jspurefix', { acceptor: 'jspurefix', initiator: 'gapfill' }],
  ['jspurefix dials gapfill', { acceptor: 'gapfill', initiator: 'jspurefix' }]
]

describe.each(ROLES)('%s', (_, kinds) => {
  it('FIX.4.4, 10,000 orders each way through every fault', async () => {
    await survivesEverything({ ...kinds, beginString: 'FIX.4.4', orders: 10_000, rate: 2500 })
  })

  it('FIX.4.2, each order answered by an ExecutionReport(8), through every fault', async () => {
    await survivesEverything({ ...kinds, beginString: 'FIX.4.2', orders: 3000, rate: 750, echoReports: true })
  })

  it('resends tens of thousands of messages each way while new ones are sent', async () => {
    await resendsMuch(kinds)
  })

  it('lives on heartbeats and notices silence', async () => {
    await livesOnHeartbeats(kinds)
  })

  it('logs out from either side and on again', async () => {
    await logsOnAgain(kinds)
  })

  it('begins anew with each logon when told to', async () => {
    await beginsAnew(kinds)
  })
})
