import { expect } from 'vitest'
import type { Account } from './account.js'
import { Conversation, type ConversationOptions } from './conversation.js'
import type { Peer, PeerKind } from './peer.js'

/**
 * Everything that can happen to a session while orders go both ways: lost data, cuts within a message, a reset, and a
 * SIGKILL of each side, each at its share of the orders. Afterwards both sides' own records are compared.
 */
export async function survivesEverything(options: ConversationOptions): Promise<void> {
  const conversation = await Conversation.open(options)
  try {
    const { acceptor, initiator } = conversation
    const share = (part: number) => conversation.bothReceived(Math.round(options.orders * part))

    await share(0.1)
    await conversation.loseAndCut()
    await share(0.25)
    await conversation.cutWithinMessage('toAcceptor')
    await share(0.35)
    await conversation.cutWithinMessage('toInitiator')
    await share(0.5)
    await restart(acceptor)
    await share(0.65)
    await restart(initiator)
    await share(0.8)
    await conversation.resetLink()
    await share(0.9)
    await conversation.loseAndCut()
    await conversation.allReceived()
    await expectAgreement(acceptor, initiator)

    const { toAcceptor, toInitiator } = await conversation.accounts()
    expectClean(toAcceptor, acceptor, options.acceptor)
    expectClean(toInitiator, initiator, options.initiator)

    await conversation.logout(initiator)
    await expectAgreement(acceptor, initiator)
  } finally {
    await conversation.close()
  }
}

async function restart(peer: Peer): Promise<void> {
  await peer.kill()
  await peer.start()
}

function expectClean(account: Account, receiver: Peer, kind: PeerKind): void {
  expect(account).toMatchObject({ lost: [], doubled: [], foreign: [], delivered: account.sent })
  // jspurefix passes on what comes behind a gap before the gap is filled.
  if (kind !== 'jspurefix') expect(account.outOfOrder).toEqual([])
  expect(receiver.received.some(({ possDup }) => possDup)).toBe(true)
}

/** Each side's next number is the one that the other expects: nothing is owed in either direction. */
async function expectAgreement(acceptor: Peer, initiator: Peer): Promise<void> {
  const look = async () => {
    const [ofAcceptor, ofInitiator] = [await acceptor.state(), await initiator.state()]
    expect([ofAcceptor.nextNumIn, ofAcceptor.nextNumOut]).toEqual([ofInitiator.nextNumOut, ofInitiator.nextNumIn])
  }
  await expect.poll(look, { timeout: 10_000, interval: 20 }).toBeUndefined()
}
