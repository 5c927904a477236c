import { BusinessRejectReason, FixMessage, MsgType, Tag } from 'gapfill'
import { echoOf } from './echo.js'

/** What every test server does: attaches to a session and answers. `answers` adds to it by MsgType(35). */
function application(answers = {}, echoOptions = {}) {
  return (session) => {
    const known = new Set()
    const echo = (message) => session.send(echoOf(message, echoOptions))
    const all = {
      [MsgType.NewOrderSingle](message) {
        const clOrdId = message.get(Tag.ClOrdID)
        // An order that may have been sent before under another number is executed only if it is new.
        if (message.get(Tag.PossResend) === 'Y' && known.has(clOrdId)) return
        known.add(clOrdId)
        echo(message)
      },
      [MsgType.SecurityDefinition]: echo,
      ...answers
    }
    session.on('message', (message) => {
      const answer = all[message.msgType]
      // A refusal is not refused in turn: two such applications would go on for ever.
      if (message.msgType === MsgType.BusinessMessageReject) return
      if (answer === undefined) {
        session.reject(message, { businessRejectReason: BusinessRejectReason.UnsupportedMessageType })
      } else {
        answer(message, session, echo)
      }
    })
    session.on('disconnect', () => known.clear())
  }
}

/** QuickFIX/n's server also talks about News and non-FIX payloads, and echoes quote requests. */
const quickfixnAnswers = {
  [MsgType.News](message, session) {
    const [, headline] = /^echo: *(.*)$/s.exec(message.get(Tag.Headline) ?? '') ?? []
    if (headline === undefined) return
    const news = new FixMessage(MsgType.News).set(Tag.Headline, headline)
    // As text, EncodedHeadline(359) goes back without the length that it came without.
    for (const tag of [Tag.MessageEncoding, Tag.EncodedHeadline]) if (message.has(tag)) news.set(tag, message.get(tag))
    session.send(news)
  },
  n(message, session) {
    const headline = `Successfully received 'n' message with seqNo=${message.get(Tag.MsgSeqNum)}`
    session.send(new FixMessage(MsgType.News).set(Tag.Headline, headline))
  },
  [MsgType.QuoteRequest]: (message, session) => session.send(echoOf(message)),
  AD() {}
}

export const applications = {
  quickfix: application({ [MsgType.Email]: (message, _, echo) => echo(message) }),
  quickfixj: application({}, { dropEmptyGroups: true }),
  quickfixgo: application(),
  quickfixn: application(quickfixnAnswers)
}
