import type { SessionRejectReason } from '../../fix/session-reject-reason.js'
import type { Drift, DriftReason } from './drift.js'
import { type Problem, type RejectedReason, rejectTexts } from './problem.js'

/** The order in which problems are reported; see `Validator`. */
export const Stage = {
  Structure: 0,
  MsgType: 1,
  Required: 2,
  RequiredInGroups: 3,
  Header: 4,
  Body: 5,
  Trailer: 6
} as const
export type Stage = (typeof Stage)[keyof typeof Stage]

interface Finding {
  readonly stage: Stage
  readonly field: number
  readonly problem: Problem
}

/** A message of a hundred thousand bad fields needs no hundred thousand problems. */
const mostFindings = 1000

/** Collects what is wrong with one message; costs nothing while nothing is. */
export class Findings {
  readonly #drift: Drift | undefined
  readonly #groups: string[] = []
  readonly #entries: number[] = []
  #depth = 0
  #found: Finding[] | undefined
  #drifts: { tag: number; reason: DriftReason; value: string }[] | undefined
  #msgType = ''

  constructor(drift: Drift | undefined) {
    this.#drift = drift
  }

  begin(msgType: string): void {
    this.#msgType = msgType
    this.#found = undefined
    this.#drifts = undefined
    this.#depth = 0
  }

  /** A group begins, and with it a step of the path. */
  enter(group: string): void {
    this.#groups[this.#depth] = group
    this.#entries[this.#depth] = 0
    this.#depth += 1
  }

  /** Which entry of the group is looked at, from 0. */
  entry(index: number): void {
    this.#entries[this.#depth - 1] = index
  }

  leave(): void {
    this.#depth -= 1
  }

  /** `field` is the index of the field at fault: within a stage, problems come in that order. */
  add(
    stage: Stage,
    field: number,
    reason: SessionRejectReason,
    tag: number | undefined,
    name: string,
    text: string = rejectTexts[reason as RejectedReason]
  ): void {
    this.#found ??= []
    if (this.#found.length >= mostFindings) return
    let path = ''
    for (let step = 0; step < this.#depth; step++) path += `${this.#groups[step]}[${this.#entries[step]}].`
    this.#found.push({ stage, field, problem: { sessionRejectReason: reason, refTagId: tag, text, path: path + name } })
  }

  drift(tag: number, reason: DriftReason, value: string): void {
    this.#drifts ??= []
    if (this.#drifts.length < mostFindings) this.#drifts.push({ tag, reason, value })
  }

  /** Hands drift to its record, if the message is good otherwise or not; true when no problem was found. */
  end(): boolean {
    const drifts = this.#drifts
    if (drifts !== undefined) {
      this.#drifts = undefined
      for (const { tag, reason, value } of drifts) this.#drift?.record(this.#msgType, tag, reason, value)
    }
    return this.#found === undefined
  }

  problems(): Problem[] {
    const found = this.#found ?? []
    this.#found = undefined
    return found.sort((a, b) => a.stage - b.stage || a.field - b.field).map((finding) => finding.problem)
  }
}
