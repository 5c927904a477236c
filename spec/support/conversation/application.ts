import { FixMessage, type FixSession, MsgType, Tag } from '../../../lib/index.js'

/** What the application of a recorded conversation does of itself; the same when it is recorded and when it is replayed. */
export function attachApplication(session: FixSession): void {
  session.on('message', (message) => {
    if (message.msgType !== MsgType.NewOrderSingle) return
    session.send(
      new FixMessage(MsgType.ExecutionReport, [
        [Tag.OrderID, `O-${message.get(Tag.ClOrdID)}`],
        [Tag.ClOrdID, message.get(Tag.ClOrdID) ?? ''],
        [Tag.ExecID, `E-${message.get(Tag.ClOrdID)}`],
        [Tag.ExecType, '0'],
        [Tag.OrdStatus, '0'],
        [Tag.Symbol, message.get(Tag.Symbol) ?? ''],
        [Tag.Side, message.get(Tag.Side) ?? ''],
        [Tag.LeavesQty, '0'],
        [Tag.CumQty, '0'],
        [Tag.AvgPx, '0']
      ])
    )
  })
}

/** Carries out what an `app` line says. */
export function act(session: FixSession, text: string): void {
  const [verb, msgType = '', fields = ''] = text.split(' ')
  switch (verb) {
    case 'connect':
      void session.connect()
      return
    case 'testRequest':
      session.sendTestRequest()
      return
    case 'logout':
      void session.logout('recording over')
      return
    case 'send': {
      const message = new FixMessage(msgType)
      for (const field of fields.split('|').filter((one) => one !== '')) {
        const at = field.indexOf('=')
        message.set(Number(field.slice(0, at)), field.slice(at + 1))
      }
      session.send(message)
      return
    }
    default:
      throw new Error(`A recorded application cannot "${text}".`)
  }
}

/** Stale news is not sent again: so that a recording has gap fills in the middle of a resend. */
export const shouldReplay = (message: FixMessage): boolean => message.msgType !== MsgType.News
