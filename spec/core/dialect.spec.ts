import { describe, expect, it } from 'vitest'
import type { RejectDetails } from '../../lib/core/admin.js'
import type { Dialect } from '../../lib/core/dialect.js'
import { FixMessage } from '../../lib/fix/message.js'
import { at, CoreSession, type CoreSessionOptions, START } from '../support/core-session.js'

const dialects: Dialect[] = ['quickfix', 'quickfixgo', 'quickfixn', 'quickfixj']

/** What each dialect answers to `text`, received by an acceptor that is logged on. */
function answers(text: string, options: CoreSessionOptions = {}): Record<Dialect, string[]> {
  const answer = (dialect: Dialect): string[] => {
    const s = new CoreSession({ ...options, dialect })
    s.logOn(options.beginString === 'FIXT.1.1' ? '35=A|34=1|98=0|108=30|1137=9' : undefined)
    return s.receive(text).sent()
  }
  return Object.fromEntries(dialects.map((dialect) => [dialect, answer(dialect)])) as Record<Dialect, string[]>
}

/** As a dictionary would find it. */
function fault(details: RejectDetails): CoreSessionOptions {
  return { parts: { validate: (message) => (message.msgType === 'A' ? undefined : details) } }
}

describe('dialects', () => {
  it('name the BeginString that came, or do not (2i)', () => {
    const foreign = new CoreSession({ beginString: 'FIX.4.1' }).text.bytes('35=1|34=2|112=a', START).toString('latin1')
    const all = answers(foreign)
    expect(all.quickfixn).toEqual(['35=5|34=2|58=Incorrect BeginString (FIX.4.1)'])
    for (const dialect of ['quickfix', 'quickfixgo', 'quickfixj'] as const) {
      expect(all[dialect]).toEqual(['35=5|34=2|58=Incorrect BeginString'])
    }
  })

  it('refer to MsgType(35) or not when it is invalid (2q)', () => {
    const invalid = fault({ sessionRejectReason: 11, text: 'Invalid MsgType' })
    const without = ['35=3|34=2|45=2|58=Invalid MsgType|372=*|373=11']
    const withTag = ['35=3|34=2|45=2|58=Invalid MsgType|371=35|372=*|373=11']
    expect(answers('35=*|34=2', invalid)).toEqual({
      quickfix: without,
      quickfixgo: without,
      quickfixn: without,
      quickfixj: withTag
    })
    expect(answers('35=*|34=2', { ...invalid, beginString: 'FIX.4.2' }).quickfixn).toEqual(withTag)
  })

  it('refer to the time at fault or not, and say why they log out or not (2k, 2o, 2f)', () => {
    const time = answers(`35=0|34=2|52=${at(START - 130_000)}`)
    const plain = ['35=3|34=2|45=2|58=SendingTime accuracy problem|372=0|373=10', '35=5|34=3']
    expect(time).toEqual({
      quickfix: plain,
      quickfixgo: plain,
      quickfixn: plain,
      quickfixj: [
        '35=3|34=2|45=2|58=SendingTime accuracy problem|371=52|372=0|373=10',
        '35=5|34=3|58=SendingTime accuracy problem, field=52'
      ]
    })
    expect(answers(`35=0|34=1|43=Y|122=${at(START + 1000)}`).quickfixj).toEqual([
      '35=3|34=2|45=1|58=SendingTime accuracy problem|371=122|372=0|373=10',
      '35=5|34=3|58=SendingTime accuracy problem, field=122'
    ])
    expect(answers('35=0|34=2|49=WHO').quickfixj).toEqual([
      '35=3|34=2|45=2|58=CompID problem|372=0|373=9',
      '35=5|34=3|58=CompID problem'
    ])
  })

  it('refer to NewSeqNo(36) or not (11c)', () => {
    const text = '58=Value is incorrect (out of range) for this tag'
    const plain = [`35=3|34=2|45=0|${text}|372=4|373=5`]
    expect(answers('35=4|34=0|36=1')).toEqual({
      quickfix: plain,
      quickfixgo: plain,
      quickfixn: plain,
      quickfixj: [`35=3|34=2|45=0|${text}|371=36|372=4|373=5`]
    })
  })

  it('put the tag into the text of old versions in their own way', () => {
    const all = answers('35=1|34=2', { beginString: 'FIX.4.1' })
    const plain = ['35=3|34=2|45=2|58=Required tag missing (112)']
    expect(all).toEqual({
      quickfix: plain,
      quickfixgo: plain,
      quickfixn: plain,
      quickfixj: ['35=3|34=2|45=2|58=Required tag missing, field=112']
    })
    expect(answers(`35=0|34=2|52=20010101-00:00:00`, { beginString: 'FIX.4.0' }).quickfixj[0]).toBe(
      '35=3|34=2|45=2|58=SendingTime accuracy problem, field=52'
    )
  })

  it('put the tag of a wrong format into the text or not (14f)', () => {
    const all = answers(
      '35=D|34=2',
      fault({ sessionRejectReason: 6, refTagId: 38, text: 'Incorrect data format for value' })
    )
    expect(all.quickfix[0]).toBe('35=3|34=2|45=2|58=Incorrect data format for value|371=38|372=D|373=6')
    expect(all.quickfixj[0]).toBe('35=3|34=2|45=2|58=Incorrect data format for value, field=38|371=38|372=D|373=6')
  })

  it('answer a reset in session with or without the flag', () => {
    const withFlag = ['35=A|34=1|98=0|108=30|141=Y']
    expect(answers('35=A|34=1|98=0|108=30|141=Y')).toEqual({
      quickfix: withFlag,
      quickfixgo: withFlag,
      quickfixn: ['35=A|34=1|98=0|108=30'],
      quickfixj: withFlag
    })
  })

  it.each(dialects)('refuse an application message: %s', (dialect) => {
    const refuse = (options: CoreSessionOptions, logon?: string) => {
      const s = new CoreSession({ ...options, dialect }).logOn(logon)
      s.do((core, now) => core.businessReject(new FixMessage('8', { 37: 'x' }), { businessRejectReason: 3 }, now))
      return s.sent()
    }
    const text = dialect === 'quickfixgo' ? 'Unsupported Message Type' : 'Unsupported message type'
    expect(refuse({ beginString: 'FIX.4.1' })).toEqual([`35=3|34=2|45=0|58=${text}`])
    const applVerId = dialect === 'quickfix' ? '|1137=9' : ''
    const fixt = { beginString: 'FIXT.1.1', defaultApplVerId: '9' }
    expect(refuse(fixt, '35=A|34=1|98=0|108=30|1137=9')).toEqual([
      `35=j|34=2|45=0|58=Unsupported Message Type|372=8|380=3${applVerId}`
    ])
  })

  it('refuse a Logon silently, or aloud (1d)', () => {
    const refusal = (text: string, dialect: Dialect, options: CoreSessionOptions = {}) =>
      new CoreSession({ ...options, dialect }).link().receive(text).sent()
    const old = '35=A|34=1|52=20010101-00:00:00|98=0|108=30'
    for (const dialect of ['quickfix', 'quickfixgo', 'quickfixn'] as const) expect(refusal(old, dialect)).toEqual([])
    expect(refusal(old, 'quickfixj')).toEqual([
      '35=5|34=1|58=Invalid Logon message: SendingTime accuracy problem, field=52'
    ])
    expect(refusal('35=A|34=1|98=0|108=-10', 'quickfixj')).toEqual(['35=5|34=1|58=HeartBtInt must not be negative'])
    const fixt = { beginString: 'FIXT.1.1', defaultApplVerId: '9' }
    expect(refusal('35=A|34=1|98=0|108=30|1137=33', 'quickfixj', fixt)).toEqual([
      '35=5|34=1|58=Invalid DefaultApplVerID=33'
    ])
    expect(refusal('35=A|34=1|49=WHO|98=0|108=30', 'quickfixj')).toEqual([])
  })

  it('refuse silently where someone is to be asked who may in', () => {
    const s = new CoreSession({ dialect: 'quickfixj', parts: { asksAuthentication: true } }).link()
    s.receive('35=A|34=1|98=0|108=-10')
    expect(s.sent()).toEqual([])
    expect(s.core.nextNumOut).toBe(1)
  })

  it('set back the number that a refusal has used, with resetOnDisconnect', () => {
    const s = new CoreSession({ dialect: 'quickfixj', resetOnDisconnect: true }).link()
    s.receive('35=A|34=1|98=0|108=-10')
    expect(s.sent()).toEqual(['35=5|34=1|58=HeartBtInt must not be negative'])
    expect(s.core.nextNumOut).toBe(1)
    s.link().receive('35=A|34=1|98=0|108=30')
    expect(s.sent()).toEqual(['35=A|34=1|98=0|108=30'])
  })

  it('say in a ResendRequest what was processed last, or what came', () => {
    const request = (numbers: string, last: number) => `35=2|34=2|369=${last}|${numbers}`
    expect(answers('35=0|34=6', { enableLastMsgSeqNumProcessed: true })).toEqual({
      quickfix: [request('7=2|16=0', 1)],
      quickfixgo: [request('7=2|16=0', 1)],
      quickfixn: [request('7=2|16=0', 6)],
      quickfixj: [request('7=2|16=0', 1)]
    })
  })

  it('say in everything else what was processed last', () => {
    const s = new CoreSession({ dialect: 'quickfixn', enableLastMsgSeqNumProcessed: true }).logOn()
    s.receive('35=0|34=6').receive('35=1|34=2|112=a')
    expect(s.sent()[1]).toBe('35=0|34=3|369=2|112=a')
  })
})
