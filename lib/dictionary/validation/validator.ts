import { isHeaderTag, isTrailerTag, sessionTags } from '../../fix/header.js'
import type { FixMessage } from '../../fix/message.js'
import { SessionRejectReason } from '../../fix/session-reject-reason.js'
import { Format } from '../data-types.js'
import { countOf, FieldCursor } from './field-cursor.js'
import type { FieldRule } from './field-rule.js'
import { Findings, Stage } from './findings.js'
import { rulesOf, type ValidationOptions, type ValidationRules } from './options.js'
import type { Problem } from './problem.js'
import { type GroupScope, type Scope, type Scopes, Zone } from './scope.js'
import { Soundness } from './sound/soundness.js'

/** Tags from here up are for users to define (FIX 4.4 Volume 1, "User defined fields"). */
const firstUserTag = 5000

const tagOfMsgType = 35

/**
 * Holds messages against a dictionary, in one pass over their fields and, where nothing is wrong, without allocating.
 *
 * The order of what is found is that of the field's engines (shared/acceptance, "Message order of checks"): structure,
 * message type, required fields, then each field from front to back: empty, repeated, type, value, tag, group count.
 * Not reentrant; what it finds is handed out when it is done.
 */
export class Validator {
  readonly #scopes: Scopes
  readonly #rules: ValidationRules
  readonly #findings: Findings
  readonly #soundness: Soundness
  #message!: FixMessage
  readonly #fields = new FieldCursor()
  #text = ''
  #count = 0
  #known = false
  /** The message's scope and those of the entries around the group that is looked at. */
  readonly #enclosing: Scope[] = []

  constructor(scopes: Scopes, options: ValidationOptions = {}) {
    this.#scopes = scopes
    this.#rules = rulesOf(options)
    this.#findings = new Findings(this.#rules.drift)
    this.#soundness = new Soundness(scopes, this.#rules)
  }

  /** All problems, the one to reject for first; [] when there is none. */
  validate(message: FixMessage): Problem[] {
    return this.isSound(message) ? [] : this.explain(message)
  }

  /** The problem that a Reject(3) names, or undefined. */
  firstProblem(message: FixMessage): Problem | undefined {
    return this.isSound(message) ? undefined : this.explain(message)[0]
  }

  /** @internal True of a message that `explain` finds nothing wrong with, but not of each. */
  isSound(message: FixMessage): boolean {
    return this.#soundness.holds(message)
  }

  /** @internal As `validate`, by the plain rules alone. */
  explain(message: FixMessage): Problem[] {
    return this.#run(message) ? [] : this.#findings.problems()
  }

  /** True when nothing was found. */
  #run(message: FixMessage): boolean {
    this.#message = message
    this.#fields.open(message)
    this.#text = this.#fields.text
    this.#count = message.fieldCount
    this.#findings.begin(message.msgType)
    const scope = this.#scopes.message(message.msgType)
    this.#known = scope !== undefined
    if (scope === undefined && this.#rules.validateMsgType) {
      this.#findings.add(Stage.MsgType, 0, SessionRejectReason.InvalidMsgType, undefined, 'MsgType')
    }
    this.#wholeMessage(scope ?? this.#scopes.bare)
    return this.#findings.end()
  }

  #wholeMessage(scope: Scope): void {
    const pass = ++this.#scopes.pass
    let zone: Zone = Zone.Header
    for (let i = 0; i < this.#count; ) {
      const tag = this.#fields.tagAt(i)
      const slot = scope.slots.get(tag)
      const own = slot === 0 ? zoneOfStray(tag) : (scope.zones[slot] as Zone)
      // A tag that is let in though it has no place is misplaced nowhere, and does not end the header.
      if (slot !== 0 || !this.#isLetIn(tag)) {
        if (own < zone && own !== Zone.Either) this.#misplaced(i, tag)
        else if (own > zone) zone = own
      }
      const stage = own === Zone.Header ? Stage.Header : own === Zone.Trailer ? Stage.Trailer : Stage.Body
      if (slot === 0) {
        this.#stray(i, tag, stage)
        i += 1
      } else {
        i = this.#member(scope, slot, i, tag, stage, pass)
      }
    }
    if (this.#rules.validateRequiredFields) this.#requiredOfMessage(scope, pass)
    if (scope.conditions.length > 0) this.#conditions(scope, pass, 0, this.#count)
  }

  #misplaced(i: number, tag: number): void {
    if (!this.#rules.validateFieldsOutOfOrder) return
    const reason = SessionRejectReason.TagSpecifiedOutOfRequiredOrder
    this.#findings.add(Stage.Structure, i, reason, tag, this.#nameOf(tag))
  }

  /** Checks a field that belongs where it stands, and the group that it counts. Answers the index behind all of that. */
  #member(scope: Scope, slot: number, i: number, tag: number, stage: Stage, pass: number): number {
    const start = this.#fields.valueStart(i)
    const end = this.#fields.valueEnd(i)
    const rule = scope.rules[slot]
    if (scope.seen[slot] === pass) this.#repeated(i, tag, stage)
    scope.seen[slot] = pass
    let sound = true
    if (start === end) {
      sound = false
      this.#empty(i, tag, stage)
    } else if (rule !== undefined) {
      sound = this.#value(rule, i, tag, start, end, stage)
    }
    const group = scope.group(slot)
    if (group === undefined) return i + 1
    this.#enclosing.push(scope)
    const next = this.#group(group, i, sound ? countOf(this.#text, start, end) : -1, stage)
    this.#enclosing.pop()
    return next
  }

  #empty(i: number, tag: number, stage: Stage): void {
    if (!this.#rules.validateFieldsHaveValues) return
    this.#findings.add(stage, i, SessionRejectReason.TagSpecifiedWithoutAValue, tag, this.#nameOf(tag))
  }

  #repeated(i: number, tag: number, stage: Stage): void {
    if (!this.#rules.validateRepeatedTags) return
    this.#findings.add(stage, i, SessionRejectReason.TagAppearsMoreThanOnce, tag, this.#nameOf(tag))
  }

  /** False for a value that is not of its type. */
  #value(rule: FieldRule, i: number, tag: number, start: number, end: number, stage: Stage): boolean {
    if (rule.format !== Format.Text && !rule.hasType(this.#text, start, end)) {
      if (!this.#rules.validateFieldTypes) return false
      this.#findings.add(stage, i, SessionRejectReason.IncorrectDataFormatForValue, tag, rule.name)
      return false
    }
    // MsgType(35) is known or unknown as a whole: see Stage.MsgType.
    if (rule.enumerated && tag !== tagOfMsgType && !rule.isListed(this.#text, start, end)) {
      if (this.#rules.drift) this.#findings.drift(tag, 'unknownValue', this.#text.slice(start, end))
      else if (!this.#rules.allowUnknownEnumValues) {
        this.#findings.add(stage, i, SessionRejectReason.ValueIsIncorrect, tag, rule.name)
      }
    }
    return true
  }

  /** A field that does not belong where it stands. As drift it is only noted: what its value should be is anybody's guess. */
  #stray(i: number, tag: number, stage: Stage): void {
    if (!this.#known && stage === Stage.Body) return
    const start = this.#fields.valueStart(i)
    const end = this.#fields.valueEnd(i)
    const rule = this.#scopes.ruleOf(tag)
    const letIn = this.#isLetIn(tag)
    if (letIn && this.#rules.drift !== undefined) {
      this.#findings.drift(tag, rule ? 'tagNotDefinedForMessage' : 'unknownTag', this.#text.slice(start, end))
      return
    }
    if (start === end) this.#empty(i, tag, stage)
    else if (rule !== undefined) this.#value(rule, i, tag, start, end, stage)
    if (letIn) return
    const reason = rule ? SessionRejectReason.TagNotDefinedForThisMessageType : SessionRejectReason.InvalidTagNumber
    this.#findings.add(stage, i, reason, tag, this.#nameOf(tag))
  }

  /** Whether a tag may stand where it has no place. Tags that are no tags (0 and below) may nowhere. */
  #isLetIn(tag: number): boolean {
    if (tag <= 0) return false
    if (this.#rules.drift !== undefined) return true
    return tag >= firstUserTag ? !this.#rules.validateUserDefinedFields : this.#rules.allowUnknownMsgFields
  }

  /**
   * Checks the entries of the group whose count stands at `at`. `expected` is -1 where the count could not be read. A
   * group goes on as long as its members come, whatever its count says. Answers the index behind it.
   */
  #group(scope: GroupScope, at: number, expected: number, stage: Stage): number {
    const findings = this.#findings
    let delimiter = scope.delimiter
    let entries = 0
    let entryStart = at + 1
    let pass = 0
    let lastSlot = 0
    let i = at + 1
    findings.enter(scope.name)
    while (i < this.#count) {
      const tag = this.#fields.tagAt(i)
      const slot = scope.slots.get(tag)
      if (slot === 0) {
        const member = this.#behindStrays(scope, i)
        if (member < 0) break
        for (; i < member; i++) this.#stray(i, this.#fields.tagAt(i), stage)
        continue
      }
      // A count of 0 says that nothing follows: a field that can stand behind the group then does.
      if (expected === 0 && this.#isOutside(tag)) break
      if (entries === 0 || tag === delimiter) {
        if (entries > 0) this.#endEntry(scope, pass, entryStart, i)
        findings.entry(entries)
        entries += 1
        entryStart = i
        pass = ++this.#scopes.pass
        lastSlot = 0
        if (tag !== delimiter) {
          if (this.#rules.firstFieldInGroupIsDelimiter) delimiter = tag
          else this.#withoutDelimiter(scope, at, i, tag, pass)
        }
      }
      const ordered = slot > lastSlot
      if (!ordered && this.#rules.validateUnorderedGroupFields) {
        const reason = SessionRejectReason.RepeatingGroupFieldsOutOfOrder
        findings.add(Stage.Structure, i, reason, tag, this.#nameOf(tag))
        scope.seen[slot] = 0
      }
      if (ordered) lastSlot = slot
      i = this.#member(scope, slot, i, tag, stage, pass)
    }
    if (entries > 0) this.#endEntry(scope, pass, entryStart, i)
    findings.leave()
    if (expected >= 0 && entries !== expected && this.#rules.validateGroupCounts) {
      const reason = SessionRejectReason.IncorrectNumInGroupCountForRepeatingGroup
      findings.add(stage, at, reason, scope.countTag, scope.name)
    }
    return i
  }

  /**
   * The first member of the group behind fields from `i` on that have no place and are let in all the same: they belong to
   * the entry, as they do when the message is read (`GroupLayout`). -1 where the group ends.
   */
  #behindStrays(scope: GroupScope, i: number): number {
    for (let next = i; next < this.#count; next++) {
      const tag = this.#fields.tagAt(next)
      if (scope.slots.get(tag) !== 0) return next
      if (!this.#isLetIn(tag) || this.#isOutside(tag)) return -1
    }
    return -1
  }

  /** True for a field that has a place in the message, or in an entry, around the group that is looked at. */
  #isOutside(tag: number): boolean {
    for (let n = 0; n < this.#enclosing.length; n++) if ((this.#enclosing[n] as Scope).slots.get(tag) !== 0) return true
    return false
  }

  #withoutDelimiter(scope: GroupScope, at: number, i: number, tag: number, pass: number): void {
    if (!this.#rules.validateGroupDelimiters) return
    scope.seen[scope.slots.get(scope.delimiter)] = pass
    if (this.#rules.missingDelimiterReason === 99) {
      const text = `Group ${scope.countTag}'s first entry does not start with delimiter ${scope.delimiter}`
      this.#findings.add(Stage.Structure, at, SessionRejectReason.Other, scope.countTag, this.#nameOf(tag), text)
    } else {
      const text = `The group ${scope.countTag} must set the delimiter field ${scope.delimiter}`
      const reason = SessionRejectReason.RepeatingGroupFieldsOutOfOrder
      this.#findings.add(Stage.Structure, i, reason, tag, this.#nameOf(tag), text)
    }
  }

  #endEntry(scope: GroupScope, pass: number, from: number, to: number): void {
    if (this.#rules.validateRequiredFields) {
      for (let n = 0; n < scope.required.length; n++) {
        const slot = scope.required[n] as number
        if (scope.seen[slot] !== pass) this.#missing(Stage.RequiredInGroups, from, scope.tags[slot] as number)
      }
    }
    if (scope.conditions.length > 0) this.#conditions(scope, pass, from, to)
  }

  /** What the session sets itself is not missed in a message that has not been encoded yet. */
  #requiredOfMessage(scope: Scope, pass: number): void {
    const beginString = scope.slots.get(8)
    const encoded = beginString === 0 || scope.seen[beginString] === pass
    for (let n = 0; n < scope.required.length; n++) {
      const slot = scope.required[n] as number
      if (scope.seen[slot] === pass) continue
      const tag = scope.tags[slot] as number
      if (encoded || !sessionTags.includes(tag)) this.#missing(Stage.Required, 0, tag)
    }
  }

  #conditions(scope: Scope, pass: number, from: number, to: number): void {
    if (!this.#rules.validateConditionalFields) return
    const textOf = (tag: number): string | undefined => {
      for (let i = from; i < to; i++)
        if (this.#fields.tagAt(i) === tag) return this.#text.slice(this.#fields.valueStart(i), this.#fields.valueEnd(i))
      return this.#message.get(tag)
    }
    for (const { slot, holds } of scope.conditions) {
      if (scope.seen[slot] !== pass && holds(textOf)) {
        this.#missing(from === 0 ? Stage.Required : Stage.RequiredInGroups, from, scope.tags[slot] as number)
      }
    }
  }

  #missing(stage: Stage, i: number, tag: number): void {
    this.#findings.add(stage, i, SessionRejectReason.RequiredTagMissing, tag, this.#nameOf(tag))
  }

  #nameOf(tag: number): string {
    return this.#scopes.ruleOf(tag)?.name ?? String(tag)
  }
}

/** Header and trailer fields of other versions keep their place: a stray one is an unknown tag, not a misplaced one. */
function zoneOfStray(tag: number): Zone {
  return isHeaderTag(tag) ? Zone.Header : isTrailerTag(tag) ? Zone.Trailer : Zone.Body
}
