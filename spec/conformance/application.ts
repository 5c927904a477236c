import type { BusinessRejectDetails } from '../../lib/core/admin.js'
import { isHeaderTag, isTrailerTag } from '../../lib/fix/header.js'
import { FixMessage } from '../../lib/fix/message.js'
import { MsgType } from '../../lib/fix/msg-type.js'
import { Tag } from '../../lib/fix/tag.js'

/** What an application needs of its session. */
export interface Desk {
  send(message: FixMessage): void
  refuse(message: FixMessage, details: BusinessRejectDetails): void
}

/**
 * The example application of the scripts: sends orders back, but for those with PossResend(97)=Y that it knows, and
 * supports nothing else.
 */
export class EchoApplication {
  private readonly orders = new Set<string>()

  handle(message: FixMessage, desk: Desk): void {
    if (message.msgType !== MsgType.NewOrderSingle) {
      desk.refuse(message, { businessRejectReason: 3 })
      return
    }
    const clOrdId = message.get(Tag.ClOrdID) ?? ''
    if (message.get(Tag.OrdType) === '2' && !message.has(Tag.Price)) {
      desk.refuse(message, {
        businessRejectReason: 5,
        text: 'Conditionally required field missing (44)',
        refId: clOrdId
      })
      return
    }
    if (message.get(Tag.PossResend) === 'Y' && this.orders.has(clOrdId)) return
    this.orders.add(clOrdId)
    desk.send(echo(message))
  }
}

/** A new message with the same body in ascending order, and with its PossResend(97). */
function echo(message: FixMessage): FixMessage {
  const tags = message.tags().filter((tag) => tag === Tag.PossResend || !(isHeaderTag(tag) || isTrailerTag(tag)))
  return new FixMessage(
    message.msgType,
    tags.sort((a, b) => a - b).map((tag) => [tag, message.get(tag) ?? ''] as const)
  )
}
