import { expect } from 'vitest'
import type { Account } from './account.js'
import { Conversation, type ConversationOptions } from './conversation.js'
import type { Peer, PeerKind } from './peer.js'

export type Kinds = Pick<ConversationOptions, 'acceptor' | 'initiator'>

/**
 * Everything that can happen to a session while orders go both ways: lost data, cuts within a message, a reset, and a
 * SIGKILL of each side, each at its share of the orders. Afterwards both sides' own records are compared.
 */
export async function survivesEverything(options: ConversationOptions): Promise<void> {
  await inConversation(options, async (conversation) => {
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
    await expectNothingWrong(conversation, options)
    for (const { received } of conversation.peers) expect(received.some(({ possDup }) => possDup)).toBe(true)

    await conversation.logout(initiator)
    await expectAgreement(conversation)
  })
}

/** A quiet session lives on its heartbeats; one that falls silent is given up by both sides and recovered. */
export async function livesOnHeartbeats(kinds: Kinds): Promise<void> {
  const options: ConversationOptions = { ...kinds, beginString: 'FIX.4.4', orders: 20, rate: 0, heartBtInt: 1 }
  await inConversation(options, async (conversation) => {
    await conversation.allReceived()
    await conversation.both((peer) => peer.kind === 'gapfill' || peer.heartbeats >= 3, 'three heartbeats')
    for (const peer of conversation.peers) expect(peer.count('logout')).toBe(0)

    await conversation.fallSilent()
    await conversation.allReceived()
    await expectNothingWrong(conversation, options)
  })
}

/** Either side may log out; the numbers go on at the next logon. */
export async function logsOnAgain(kinds: Kinds): Promise<void> {
  const options: ConversationOptions = { ...kinds, beginString: 'FIX.4.4', orders: 20, rate: 0 }
  await inConversation(options, async (conversation) => {
    for (const peer of conversation.peers) {
      await conversation.allReceived()
      await conversation.logout(peer)
      await expectAgreement(conversation)
      await conversation.logonAgain()
      await conversation.exchangeMore()
    }
    await expectNothingWrong(conversation, options)
  })
}

/** gapfill's journal loses its end: the counterparty expects more than it has, says so, and both go on from there. */
export async function survivesPowerLoss(kinds: Kinds): Promise<void> {
  const options: ConversationOptions = { ...kinds, beginString: 'FIX.4.4', orders: 20, rate: 0 }
  await inConversation(options, async (conversation) => {
    const gapfill = conversation.peers.find(({ kind }) => kind === 'gapfill')
    if (gapfill === undefined) throw new Error('Only gapfill has a journal of the kind that is damaged here.')
    for (let round = 0; round < 2; round++) {
      await conversation.allReceived()
      await conversation.losePower(gapfill)
      await conversation.exchangeMore()
      await expectAgreement(conversation)
    }
  })
}

/** Each side has tens of thousands of messages to send again, and goes on sending new ones meanwhile. */
export async function resendsMuch(kinds: Kinds): Promise<void> {
  const options: ConversationOptions = { ...kinds, beginString: 'FIX.4.4', orders: 40_000, rate: 4000 }
  await inConversation(options, async (conversation) => {
    await conversation.bothReceived(1000)
    await conversation.loseAndCut(20_000)
    await conversation.allReceived()
    await expectNothingWrong(conversation, options)
    for (const { received } of conversation.peers) {
      expect(received.filter(({ possDup }) => possDup).length).toBeGreaterThanOrEqual(20_000)
    }
  })
}

/** ResetSeqNumFlag(141) at each logon: both sides begin at 1 again, and nothing of before comes back. */
export async function beginsAnew(kinds: Kinds): Promise<void> {
  const options: ConversationOptions = { ...kinds, beginString: 'FIX.4.4', orders: 20, rate: 0, resetOnLogon: true }
  await inConversation(options, async (conversation) => {
    await conversation.allReceived()
    for (let round = 0; round < 2; round++) {
      await conversation.resetLink()
      await conversation.exchangeMore()
      await expectAgreement(conversation)
    }
    for (const peer of conversation.peers) {
      expect(peer.received).toHaveLength(peer.seen.size)
      // Logon(A) and the last fifty orders.
      expect((await peer.state()).nextNumOut).toBe(52)
    }
  })
}

async function inConversation(
  options: ConversationOptions,
  happens: (conversation: Conversation) => Promise<void>
): Promise<void> {
  const conversation = await Conversation.open(options)
  try {
    await happens(conversation)
  } finally {
    await conversation.close()
  }
}

async function restart(peer: Peer): Promise<void> {
  await peer.kill()
  await peer.start()
}

/** Nobody is owed anything, nothing was lost or doubled in either direction, by both sides' own records. */
async function expectNothingWrong(conversation: Conversation, kinds: Kinds): Promise<void> {
  await expectAgreement(conversation)
  const { toAcceptor, toInitiator } = await conversation.accounts()
  expectClean(toAcceptor, kinds.acceptor)
  expectClean(toInitiator, kinds.initiator)
}

function expectClean(account: Account, receiver: PeerKind): void {
  expect(account).toMatchObject({ lost: [], doubled: [], foreign: [], delivered: account.sent })
  // jspurefix passes on what comes behind a gap before the gap is filled.
  if (receiver !== 'jspurefix') expect(account.outOfOrder).toEqual([])
}

/** Each side's next number is the one that the other expects. */
async function expectAgreement({ acceptor, initiator }: Conversation): Promise<void> {
  const look = async () => {
    const [ofAcceptor, ofInitiator] = [await acceptor.state(), await initiator.state()]
    expect([ofAcceptor.nextNumIn, ofAcceptor.nextNumOut]).toEqual([ofInitiator.nextNumOut, ofInitiator.nextNumIn])
  }
  await expect.poll(look, { timeout: 10_000, interval: 20 }).toBeUndefined()
}
