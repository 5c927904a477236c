import fc from 'fast-check'
import type { Effect } from '../../lib/core/effect.js'
import type { SessionCore } from '../../lib/core/session-core.js'
import { FixError } from '../../lib/errors.js'
import { FixMessage } from '../../lib/fix/message.js'
import { at, type CoreSession, type CoreSessionOptions } from './core-session.js'

/*
 * A counterparty, an application and a clock that do whatever they like, in any order; most of it makes sense, so that the
 * session comes far enough for the rest to hurt.
 */

type Act = (core: SessionCore, now: CoreSession['now']) => unknown

const order: Act = (core, now) => core.send(new FixMessage('D', { 11: 'ours' }), now)

/** What an application does. */
const acts = {
  send: order,
  sendAgain: order,
  sendOnceMore: order,
  sendCancel: (core, now) => core.send(new FixMessage('F', { 11: 'cancel', 41: 'ours' }), now),
  testRequest: (core, now) => core.testRequest(now),
  resetSeqNums: (core, now) => core.resetSeqNums(now),
  businessReject: (core, now) => core.businessReject(new FixMessage('8', { 37: 'x' }), {}, now),
  logout: (core, now) => core.logout('enough', now),
  disconnect: (core, now) => core.disconnect(undefined, undefined, now),
  disconnectWithText: (core, now) => core.disconnect('bye', 'DisconnectedBrokenConn', now),
  listenerFailedLate: (core, now) => core.listenerFailedLate(new FixMessage('8', { 37: 'x' }), 'late', now),
  suspend: (core, now) => core.suspend(now),
  takeUp: (core, now) => core.takeUp(now),
  takeUpAgain: (core, now) => core.takeUp(now),
  readingStopped: (core, now) => core.readingStopped(now),
  readingResumed: (core, now) => core.readingResumed(now),
  stop: (core, now) => core.stop(now),
  abandonQueue: (core, now) => core.abandonQueue({ code: 'X', text: 'x' }, now),
  lookForLife: (core, now) => core.lookForLife(now),
  replaced: (core, now) => core.replaced(now),
  connect: (core, now) => core.connect(now)
} satisfies Record<string, Act>

/** Answers that nobody has asked for. */
const answers = {
  journalRead: (core, now) => core.journalRead([], true, now),
  replayDecided: (core, now) => core.replayDecided([true], now),
  committed: (core, now) => core.committed(now),
  rested: (core, now) => core.rested(now),
  authenticated: (core, now) => core.authenticated(true, 'no', now),
  logonNotSigned: (core, now) => core.logonNotSigned('no', now),
  numbersRead: (core, now) => core.numbersRead(core.nextNumIn, core.nextNumOut, core.connectedToday, now),
  dialFailed: (core, now) => core.dialFailed({ code: 'X', text: 'x' }, now)
} satisfies Record<string, Act>

interface Received {
  readonly deed: 'receive'
  /** See to it that there is a session. */
  readonly alive: boolean
  readonly msgType: string
  /** From the expected number. */
  readonly number: number
  readonly flags: string
  readonly oddity: string
  readonly begin: number
  readonly end: number
  readonly skip: number
  readonly fill: string
  readonly reset: string
  readonly testReqId: string
}

export type Deed =
  | Received
  | { readonly deed: 'garbled'; readonly text: string }
  | { readonly deed: 'application'; readonly act: keyof typeof acts }
  | { readonly deed: 'answer'; readonly which: number; readonly yes: boolean }
  | { readonly deed: 'acknowledge'; readonly which: number }
  | { readonly deed: 'spurious answer'; readonly act: keyof typeof answers }
  | { readonly deed: 'cut' | 'connected' | 'revive' }
  | { readonly deed: 'pass'; readonly seconds: number }

export function perform(s: CoreSession, it: Deed): void {
  switch (it.deed) {
    case 'receive':
      if (it.alive) revive(s)
      if (!s.core.holding) s.receive(textOf(s, it))
      return
    case 'garbled':
      if (!s.core.holding) s.receive(it.text)
      return
    case 'application':
      try {
        s.do(acts[it.act])
      } catch (error) {
        if (!(error instanceof FixError)) throw error
      }
      return
    case 'answer':
      answer(s, it.which, it.yes)
      return
    case 'acknowledge': {
      const message = s.given[it.which % Math.max(1, s.given.length)]
      if (message !== undefined) s.do((core, now) => core.acknowledged(message, now))
      return
    }
    case 'spurious answer':
      s.do(answers[it.act])
      return
    case 'cut':
      s.cut()
      return
    case 'connected':
      if (!s.core.phase.connected) s.do((core, now) => core.connected(now))
      return
    case 'revive':
      revive(s)
      return
    case 'pass':
      s.pass(it.seconds)
  }
}

/** A link and a logon as they should be, if there are none. */
function revive(s: CoreSession): void {
  if (s.core.inSession || s.core.holding) return
  if (!s.core.phase.connected) s.link()
  if (!s.core.holding) s.receive(`35=A|34=${s.core.nextNumIn}|98=0|108=30`)
}

function textOf(s: CoreSession, it: Received): string {
  const number = Math.max(0, s.core.nextNumIn + it.number)
  const flags = it.flags.replace('{now}', at(s.now.wall)).replace('{later}', at(s.now.wall + 5000))
  const bodies: Record<string, string> = {
    0: it.testReqId,
    1: it.testReqId,
    2: `|7=${it.begin}|16=${it.end}`,
    3: '|45=1',
    4: `|36=${Math.max(0, number + it.skip)}${it.fill}`,
    A: `|98=0|108=30${it.reset}`
  }
  return `35=${it.msgType}|34=${number}${flags}${it.oddity}${bodies[it.msgType] ?? '|11=a'}`
}

/** Answers one of the questions that were asked. */
function answer(s: CoreSession, which: number, yes: boolean): void {
  const questions = s.asked.filter(({ kind }) => kind !== 'dial' && kind !== 'abortDial')
  const question = questions[which % Math.max(1, questions.length)]
  if (question === undefined) return
  s.asked.splice(s.asked.indexOf(question), 1)
  s.do((core, now) => respond(s, core, now, question, yes, which))
}

function respond(
  s: CoreSession,
  core: SessionCore,
  now: CoreSession['now'],
  question: Effect,
  yes: boolean,
  which: number
): void {
  switch (question.kind) {
    case 'deliver':
      if (core.intake.suspended) core.delivered('postponed', now)
      else if (yes) core.delivered(which % 2 === 0 ? 'done' : 'unacknowledged', now)
      else core.delivered({ failed: 'bug', unacknowledged: which % 2 === 0 }, now)
      return
    case 'readJournal':
      core.journalRead(s.page(question.from, question.to), false, now)
      return
    case 'decideReplay':
      core.replayDecided(
        question.messages.map((_, index) => yes || index % 2 === 0),
        now
      )
      return
    case 'reportCommit':
      core.committed(now)
      return
    case 'rest':
      core.rested(now)
      return
    case 'close':
      core.disconnected({ code: 'CLOSED', text: 'closed' }, now)
      return
    case 'authenticate':
      core.authenticated(yes, 'no', now)
      return
    case 'readNumbers':
      core.numbersRead(core.nextNumIn, core.nextNumOut, core.connectedToday, now)
      return
    case 'signLogon':
      if (yes) core.logonSigned(question.logon, question.sendingTime, now)
      else core.logonNotSigned('no', now)
  }
}

function mostly<T>(weight: number, usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: other })
}

const received: fc.Arbitrary<Received> = fc.record({
  deed: fc.constant('receive'),
  alive: mostly(8, fc.constant(true), fc.constant(false)),
  msgType: mostly(
    12,
    fc.constantFrom('D', 'D', '8', '0', '1', '2', '2', '4', '4'),
    fc.constantFrom('3', '5', 'A', 'j', '*')
  ),
  number: mostly(16, fc.constantFrom(0, 0, 0, 0, 0, 1, 2, 5), fc.constantFrom(-1000, -3, -1, 40, 1_000_000)),
  flags: mostly(2, fc.constant(''), fc.constantFrom('|43=Y', '|43=Y|122={now}', '|43=Y|122={later}', '|97=Y')),
  oddity: mostly(50, fc.constant(''), fc.constantFrom('|49=WHO', '|52=20010101-00:00:00', '|52=x', '|56=')),
  begin: mostly(4, fc.integer({ min: 1, max: 12 }), fc.nat(2_000_000)),
  end: fc.oneof(fc.constant(0), fc.nat(12), fc.constant(999_999)),
  skip: fc.constantFrom(-3, 0, 1, 1, 2, 5, 30),
  fill: fc.constantFrom('', '|123=Y', '|123=Y', '|123=N'),
  reset: fc.constantFrom('', '|141=Y', '|141=N'),
  testReqId: fc.constantFrom('', '|112=TEST', '|112=x', '|112=')
})

const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 24, arbitrary: received },
  {
    weight: 10,
    arbitrary: fc.record({
      deed: fc.constant('application' as const),
      act: mostly(
        3,
        fc.constantFrom('send', 'sendAgain', 'sendOnceMore'),
        fc.constantFrom(...(Object.keys(acts) as (keyof typeof acts)[]))
      )
    })
  },
  {
    weight: 14,
    arbitrary: fc.record({
      deed: fc.constant('answer' as const),
      which: fc.nat(20),
      yes: mostly(3, fc.constant(true), fc.constant(false))
    })
  },
  { weight: 3, arbitrary: fc.record({ deed: fc.constant('acknowledge' as const), which: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      deed: fc.constant('spurious answer' as const),
      act: fc.constantFrom(...(Object.keys(answers) as (keyof typeof answers)[]))
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({
      deed: fc.constant('pass' as const),
      seconds: fc.constantFrom(0, 0, 1, 1, 2, 6, 30, 36, 61)
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      deed: fc.constant('garbled' as const),
      text: fc.constantFrom('8=FIX.4.4|9=5|35=0|34=2|10=000|', '8=FIX.4.4|9=x|', 'rubbish8=')
    })
  },
  { weight: 1, arbitrary: fc.record({ deed: fc.constantFrom('cut', 'connected', 'revive', 'revive') }) }
)

export const anyDeeds = fc.array(anyDeed, { minLength: 1, maxLength: 80, size: 'max' })

export const anyOptions: fc.Arbitrary<CoreSessionOptions> = fc.record({
  role: fc.constantFrom('acceptor', 'initiator'),
  beginString: fc.constantFrom('FIX.4.0', 'FIX.4.2', 'FIX.4.4'),
  dialect: fc.constantFrom('quickfix', 'quickfixj', 'quickfixgo', 'quickfixn'),
  onListenerError: fc.constantFrom('continue', 'reject', 'disconnect'),
  resetOnLogon: mostly(3, fc.constant(false), fc.constant(true)),
  resetOnLogout: fc.boolean(),
  resetOnDisconnect: mostly(3, fc.constant(false), fc.constant(true)),
  sendNextExpectedMsgSeqNum: fc.boolean(),
  sendRedundantResendRequests: fc.boolean(),
  closedResendInterval: fc.boolean(),
  recovery: mostly(5, fc.constant('resend'), fc.constant('none')),
  cmeEnhancedResend: mostly(5, fc.constant(false), fc.constant(true)),
  rejectGarbledMessage: fc.boolean(),
  requiresOrigSendingTime: fc.boolean(),
  resendRequestChunkSize: fc.constantFrom(0, 0, 3),
  maxHeldMessages: fc.constantFrom(3, 20),
  maxOutboundBuffer: fc.constantFrom(400, 1_000_000),
  sendWhileLoggedOff: fc.constantFrom('refuse', 'queue'),
  maxQueued: fc.constantFrom(2, 100),
  maxMessageAge: fc.constantFrom(undefined, 5, 60),
  refreshOnLogon: mostly(5, fc.constant(false), fc.constant(true)),
  maxUnacknowledged: fc.constantFrom(1, 3, 1000),
  outboundLimit: mostly(
    3,
    fc.constant(undefined),
    fc.constantFrom(
      { messagesPerSecond: 1 },
      { messagesPerSecond: 0.1, burst: 3 },
      { byMsgType: { D: { messagesPerSecond: 3, burst: 1 } } }
    )
  ),
  inboundLimit: mostly(
    6,
    fc.constant(undefined),
    fc.constantFrom(
      { messagesPerSecond: 1, burst: 5, action: 'reject' },
      { messagesPerSecond: 0.3, burst: 10, action: 'disconnect' }
    )
  ),
  parts: fc.record({
    asksAuthentication: mostly(5, fc.constant(false), fc.constant(true)),
    asksSignature: mostly(5, fc.constant(false), fc.constant(true))
  })
})

/** Questions that are not answered at once. */
export const anyWithheld = fc.subarray(['readJournal', 'decideReplay', 'reportCommit', 'deliver', 'close'] as const)
