import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Codec, Dictionary, FixConfigError, FixDictionaryError, FixMessage, parseConfig } from '../../lib/index.js'
import { parseConversation, toBytes } from '../support/conversation/conversation-file.js'
import { CoreSession } from '../support/core-session.js'
import { doorTarget } from './door-target.js'
import { type Chance, framed, mutated } from './mutate.js'

/** Something that takes whatever comes. It throws when what must never happen has happened. */
export interface Target {
  readonly name: string
  /** How many of a hundred inputs are for it. */
  readonly share: number
  feed(chance: Chance): void
}

const fixtures = new URL('../../fixtures/', import.meta.url)
const conversation = parseConversation(readFileSync(new URL('conversations/quickfix-acceptor.txt', fixtures), 'latin1'))
const corpus = conversation.events
  .filter(({ kind }) => kind === 'in' || kind === 'out')
  .flatMap(({ text }) => text.split(/(?<=\|10=\d{3}\|)(?=8=)/))

const dictionary = Dictionary.loadSync('FIX.4.4')
const good = framed('8=FIX.4.4|9=0|35=0|34=1|49=A|52=20260105-09:00:00|56=B|10=000|')

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

/** Framer and decoder: any bytes in any pieces; afterwards a good message is read again. */
const codecTarget: Target = {
  name: 'codec',
  share: 50,
  feed(chance) {
    const codec = new Codec({ beginString: 'FIX.4.4', dictionary, maxMessageLength: 4096, maxFields: 200 })
    const bytes = toBytes(mutated(corpus, chance) + (chance.below(2) === 0 ? mutated(corpus, chance) : ''))
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + chance.below(bytes.length)
      for (const item of codec.push(bytes.subarray(at, end))) readAll(item)
      expect(codec.bufferedBytes <= 4096 + bytes.length, `${codec.bufferedBytes} bytes are kept`)
      at = end
    }
    codec.reset()
    const [again] = codec.push(toBytes(good))
    expect(again instanceof FixMessage, 'a good message after garbage was not read')
  }
}

/** Validation and every way of reading, of messages that are whole but say anything. */
const dictionaryTarget: Target = {
  name: 'validation',
  share: 20,
  feed(chance) {
    const item = new Codec({ beginString: 'FIX.4.4', dictionary }).decode(toBytes(framed(mutated(corpus, chance))))
    readAll(item)
    if (item instanceof FixMessage) {
      for (const { text } of dictionary.validate(item)) expect(text.length > 0, 'a problem without a text')
      const bytes = new Codec({ beginString: 'FIX.4.4', dictionary }).encode(item, {
        senderCompId: 'A',
        targetCompId: 'B',
        msgSeqNum: 1,
        sendingTime: 0
      })
      expect(bytes.length > 0, 'nothing was encoded')
    }
  }
}

/** The session machine, logged on, with the wire of a recorded conversation gone wrong. */
const coreTarget: Target = {
  name: 'session',
  share: 21,
  feed(chance) {
    const s = new CoreSession({ role: chance.below(2) === 0 ? 'initiator' : 'acceptor', maxHeldMessages: 5 })
    s.logOn()
    const { core } = s
    for (let messages = 1 + chance.below(6); messages > 0; messages--) {
      const [nextNumIn, nextNumOut] = [core.nextNumIn, core.nextNumOut]
      const text = named(framed(mutated(corpus, chance)), core.nextNumIn + chance.below(4) - 1, chance)
      for (const item of s.codec.push(toBytes(text))) {
        if (item instanceof FixMessage) s.do(() => core.message(item, s.now))
        else s.do(() => core.garbled(item, s.now))
      }
      const mayReset = /\|141=Y\|/.test(text)
      expect(mayReset || (core.nextNumIn >= nextNumIn && core.nextNumOut >= nextNumOut), 'a number went back')
      expect(core.gap.size <= 5, `${core.gap.size} messages are held`)
      if (chance.below(4) === 0) s.pass(chance.below(80))
    }
  }
}

/** With our CompIDs, a current time and a number that is about right, so that it gets past the first checks. */
function named(text: string, msgSeqNum: number, chance: Chance): string {
  if (chance.below(5) === 0) return text
  const fields = text
    .replace(/\|49=[^|]*/, '|49=THEM')
    .replace(/\|56=[^|]*/, '|56=US')
    .replace(/\|52=[^|]*/, '|52=20260105-09:00:00')
  return framed(fields.replace(/\|34=[^|]*/, `|34=${msgSeqNum}`))
}

const configs = ['sessions.json']
  .map(() => readFileSync(new URL('demo/buyside.json', fixtures), 'utf8'))
  .concat(
    '{"role":"initiator","beginString":"FIX.4.4","senderCompId":"A","targetCompId":"B","host":"h","port":1,"reconnectInterval":[1,5]}'
  )

/** A config is understood, or refused with its mistakes. */
const configTarget: Target = {
  name: 'config',
  share: 2,
  feed(chance) {
    let input: unknown
    try {
      input = JSON.parse(mutated(configs, chance))
    } catch {
      return
    }
    try {
      parseConfig(input, { env: {} })
    } catch (error) {
      if (!(error instanceof FixConfigError)) throw error
    }
  }
}

const xml = `<fix type="FIX" major="4" minor="4"><header><field name="BeginString" required="Y"/></header><messages>
<message name="News" msgtype="B" msgcat="app"><field name="Headline" required="Y"/><group name="NoLinesOfText" required="Y">
<field name="Text" required="Y"/></group><component name="Parties" required="N"/></message></messages><trailer/>
<components><component name="Parties"><field name="Headline" required="N"/></component></components><fields>
<field number="8" name="BeginString" type="STRING"/><field number="148" name="Headline" type="STRING"/>
<field number="33" name="NoLinesOfText" type="NUMINGROUP"/><field number="58" name="Text" type="STRING"><value enum="1" description="ONE"/></field>
</fields></fix>`

/** A dictionary file is loaded, or refused with file, line and element. */
class XmlTarget implements Target {
  readonly name = 'dictionary file'
  readonly share = 1
  private readonly file = join(mkdtempSync(join(tmpdir(), 'gapfill-fuzz-')), 'dictionary.xml')

  feed(chance: Chance): void {
    writeFileSync(this.file, mutated([xml], chance), 'latin1')
    try {
      Dictionary.loadSync(this.file)
    } catch (error) {
      if (!(error instanceof FixDictionaryError)) throw error
    }
  }

  close(): void {
    rmSync(join(this.file, '..'), { recursive: true, force: true })
  }
}

export const xmlTarget = new XmlTarget()

export const targets: readonly Target[] = [
  codecTarget,
  dictionaryTarget,
  coreTarget,
  doorTarget,
  configTarget,
  xmlTarget
]

/** Reads a message in every way; what is malformed may be refused by a FieldValueError, and by nothing else. */
function readAll(item: ReturnType<Codec['decode']>): void {
  if (item.garbled) {
    expect(item.text.length > 0 && item.raw.length <= 512, 'a garbled report without a text, or too long')
    return
  }
  for (const tag of item.tags()) {
    for (const read of ['getInt', 'getDecimal', 'getBoolean', 'getUtcTimestamp', 'getData', 'getText'] as const) {
      try {
        item[read](tag)
      } catch (error) {
        if ((error as { code?: string }).code !== 'FIELD_VALUE') throw error
      }
    }
    if (item.isGroup(tag)) for (const entry of item.groups(tag)) entry.tags()
  }
  item.toString()
  item.clone().toBytes()
}
