import { describe, it } from 'vitest'
import {
  beginsAnew,
  type Kinds,
  livesOnHeartbeats,
  logsOnAgain,
  resendsMuch,
  survivesEverything,
  survivesPowerLoss
} from './trial.js'

const ROLES: readonly [string, Kinds][] = [
  ['gapfill dials QuickFIX', { acceptor: 'quickfix', initiator: 'gapfill' }],
  ['QuickFIX dials gapfill', { acceptor: 'gapfill', initiator: 'quickfix' }]
]

describe.each(ROLES)('%s', (_, kinds) => {
  it('FIX.4.4, 10,000 orders each way through every fault', async () => {
    await survivesEverything({ ...kinds, beginString: 'FIX.4.4', orders: 10_000, rate: 4000 })
  })

  it('FIX.4.2, each order answered by an ExecutionReport(8), through every fault', async () => {
    await survivesEverything({ ...kinds, beginString: 'FIX.4.2', orders: 3000, rate: 1500, echoReports: true })
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

  it('goes on by itself after a loss of power', async () => {
    await survivesPowerLoss(kinds)
  })

  it('begins anew with each logon when told to', async () => {
    await beginsAnew(kinds)
  })
})
