#!/usr/bin/env node
/*
 * An acceptor that answers as the field's acceptance scripts expect of a test server: it echoes orders and security
 * definitions, and refuses the rest. Written with gapfill's public surface only.
 *
 *   npm run acceptor -- --port 9999
 */
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { FixEngine } from 'gapfill'
import { applications } from './acceptor/applications.js'
import { dialects, sessionsOf } from './acceptor/sessions.js'

const help = `npm run acceptor -- --port N [options]

Listens on 127.0.0.1 as SenderCompID(49)=ISLD, with the sessions of an engine's test server all open.
  --port N           port to listen on
  --dialect NAME     whose sessions, settings and answers: ${dialects.join(', ')} (default quickfix)
  --set NAME=VALUE   a session option for all sessions, such as resendRequestChunkSize=5; may be repeated. VALUE is JSON,
                     Y or N, or else text; NAME is as README has it, log.messages=true too
  --control PORT     HTTP: GET /seqnum?SESSION=FIX.4.4:ISLD->TW44&NEXTSENDERSEQNUM=n (or NEXTTARGETSEQNUM=n)
  --log LEVEL        debug, info, warn, error, silent (default warn), on standard error
  --help             this text

What the scripts' families need:
  resendRequestChunkSize, resendreqchunksize     --set resendRequestChunkSize=5
  lastMsgSeqNumProcessed, lastseqnumprocessed    --set enableLastMsgSeqNumProcessed=true
  nextExpectedMsgSeqNum                          --set sendNextExpectedMsgSeqNum=true --control PORT
  nextexpectedseqnum                             the same and --set resetOnLogon=false, an acceptor for each version
  timestamps                                     --set timestampPrecision=9
  validateChecksum                               --set validateChecksum=false
  rejectGarbledMessages                          --set rejectGarbledMessage=true
  fix44noreset                                   --set resetOnLogon=false
  misc                                           --set resendRequestChunkSize=2500 --set enableLastMsgSeqNumProcessed=true
                                                 --set sendLogoutBeforeDisconnectFromTimeout=true
  enhancedresend                                 --set resendRequestChunkSize=10 --set enableLastMsgSeqNumProcessed=true
                                                 --set requiresOrigSendingTime=false --set cmeEnhancedResend=true
`

const values = argumentsOrExit()
if (values.help || values.port === undefined) {
  process.stdout.write(help)
  process.exit(values.help ? 0 : 2)
}
if (!dialects.includes(values.dialect)) {
  fail(new Error(`--dialect: expected one of ${dialects.join(', ')}, got ${JSON.stringify(values.dialect)}.`))
}
if (values.control !== undefined && !(/^\d{1,5}$/.test(values.control) && Number(values.control) < 65536)) {
  fail(new Error(`--control: expected a port, 0 to 65535, got ${JSON.stringify(values.control)}.`))
}

const engine = engineOrExit()
for (const session of engine.sessions.values()) applications[values.dialect](session)

const control = values.control === undefined ? undefined : createServer(answerControl)
control?.listen(Number(values.control), '127.0.0.1').once('error', fail)
await engine.start().catch(fail)
process.stdout.write(`listening on 127.0.0.1:${values.port} with ${engine.sessions.size} sessions\n`)
if (control !== undefined) process.stdout.write(`control on 127.0.0.1:${control.address().port}\n`)

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    control?.close()
    await engine.stop()
  })
}

function argumentsOrExit() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string' },
        dialect: { type: 'string', default: 'quickfix' },
        set: { type: 'string', multiple: true, default: [] },
        control: { type: 'string' },
        log: { type: 'string', default: 'warn' },
        help: { type: 'boolean', default: false }
      }
    }).values
  } catch (error) {
    return fail(error)
  }
}

function engineOrExit() {
  const options = Object.create(null)
  for (const text of values.set) setOption(options, ...optionOf(text))
  try {
    return new FixEngine(sessionsOf({ dialect: values.dialect, port: Number(values.port), log: values.log, options }))
  } catch (error) {
    return fail(error)
  }
}

function fail(error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
}

/** NAME=VALUE; the value is JSON where it is (5, true, {"a":1}), else text; Y and N are true and false. */
function optionOf(text) {
  const at = text.indexOf('=')
  const [name, value] = at < 0 ? [text, 'true'] : [text.slice(0, at), text.slice(at + 1)]
  // What a counterparty is called is text, also where it looks like a number.
  if (name.endsWith('Id')) return [name, value]
  if (value === 'Y' || value === 'N') return [name, value === 'Y']
  try {
    return [name, JSON.parse(value)]
  } catch {
    return [name, value]
  }
}

/** `log.level` is `level` of the object `log`, as README has it. */
function setOption(options, path, value) {
  const names = path.split('.')
  const last = names.pop()
  let group = options
  for (const name of names) {
    if (!isGroup(group[name])) group[name] = Object.create(null)
    group = group[name]
  }
  group[last] = value
}

function isGroup(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Sets a session's numbers from outside FIX, as an operator would. */
async function answerControl(request, response) {
  const url = new URL(request.url, 'http://127.0.0.1')
  const session = engine.sessions.get(url.searchParams.get('SESSION'))
  if (url.pathname !== '/seqnum' || session === undefined) {
    response.writeHead(404).end(`known sessions: ${[...engine.sessions.keys()].join(', ')}\n`)
    return
  }
  const number = (name) => (url.searchParams.has(name) ? Number(url.searchParams.get(name)) : undefined)
  try {
    await session.setSeqNums(
      { nextNumOut: number('NEXTSENDERSEQNUM'), nextNumIn: number('NEXTTARGETSEQNUM') },
      { force: true }
    )
    response.writeHead(200).end(`${session.id} in=${session.nextNumIn} out=${session.nextNumOut}\n`)
  } catch (error) {
    response.writeHead(400).end(`${error.message}\n`)
  }
}
