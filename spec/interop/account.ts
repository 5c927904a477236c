/** An application message that its sender's own record has under this number. */
export interface Sent {
  readonly msgSeqNum: number
  readonly msgType: string
  readonly clOrdId: string
}

/** One call of the receiving application with a message. */
export interface Delivery extends Sent {
  readonly possDup: boolean
}

/** One direction of a conversation, sender's record against receiver's. */
export interface Account {
  readonly sent: number
  /** Numbers delivered at least once. */
  readonly delivered: number
  /** Deliveries beyond the first that PossDupFlag(43) announced. */
  readonly redelivered: number
  /** Sent, and neither delivered nor gap-filled by the sender's decision. */
  readonly lost: readonly Sent[]
  /** Delivered again without PossDupFlag(43): the same number, or the same ClOrdID(11) under another one. */
  readonly doubled: readonly Delivery[]
  /** Delivered, but not what the sender's record has under that number. */
  readonly foreign: readonly Delivery[]
  /** First deliveries that came after one with a higher number. */
  readonly outOfOrder: readonly Delivery[]
}

/**
 * Compares what one side sent with what the other side's application was given.
 *
 * `gapFilled` are numbers that the sender chose not to replay; by default it replays everything.
 */
export function account(
  sent: readonly Sent[],
  deliveries: readonly Delivery[],
  gapFilled: ReadonlySet<number> = new Set()
): Account {
  const sentByNumber = new Map(sent.map((message) => [message.msgSeqNum, message]))
  const numbers = new Set<number>()
  const identities = new Set<string>()
  const doubled: Delivery[] = []
  const foreign: Delivery[] = []
  const outOfOrder: Delivery[] = []
  let redelivered = 0
  let highest = 0

  for (const delivery of deliveries) {
    const identity = `${delivery.msgType} ${delivery.clOrdId}`
    if (numbers.has(delivery.msgSeqNum) || identities.has(identity)) {
      if (delivery.possDup) redelivered += 1
      else doubled.push(delivery)
    } else {
      if (delivery.msgSeqNum < highest) outOfOrder.push(delivery)
      highest = Math.max(highest, delivery.msgSeqNum)
    }
    numbers.add(delivery.msgSeqNum)
    identities.add(identity)
    const original = sentByNumber.get(delivery.msgSeqNum)
    if (original?.msgType !== delivery.msgType || original.clOrdId !== delivery.clOrdId) foreign.push(delivery)
  }

  return {
    sent: sent.length,
    delivered: numbers.size,
    redelivered,
    lost: sent.filter(({ msgSeqNum }) => !numbers.has(msgSeqNum) && !gapFilled.has(msgSeqNum)),
    doubled,
    foreign,
    outOfOrder
  }
}
