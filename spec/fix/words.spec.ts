import { describe, expect, it } from 'vitest'
import { dataFields, dataTagOf, lengthTagOf } from '../../lib/fix/data-fields.js'
import { isHeaderTag, isTrailerTag, Place, placeOf } from '../../lib/fix/header.js'
import { isAdmin, MsgType } from '../../lib/fix/msg-type.js'
import { SessionRejectReason } from '../../lib/fix/session-reject-reason.js'
import { SessionState } from '../../lib/fix/session-state.js'
import { Tag } from '../../lib/fix/tag.js'

describe('the words of the standard', () => {
  it('name tags', () => {
    expect([Tag.BeginString, Tag.MsgSeqNum, Tag.ClOrdID, Tag.NoPartyIDs, Tag.DefaultApplVerID]).toEqual([
      8, 34, 11, 453, 1137
    ])
    expect(new Set(Object.values(Tag)).size).toBe(Object.keys(Tag).length)
  })

  it('name message types', () => {
    expect([MsgType.Logon, MsgType.NewOrderSingle, MsgType.TradeCaptureReport]).toEqual(['A', 'D', 'AE'])
    expect(new Set(Object.values(MsgType)).size).toBe(Object.keys(MsgType).length)
  })

  it('tell the seven messages of the session layer from all others', () => {
    const admin = Object.values(MsgType).filter(isAdmin)
    expect(admin).toEqual(['0', '1', '2', '3', '4', '5', 'A'])
    expect(['', 'n', '6', 'AA', '00', '\u0030 '].some(isAdmin)).toBe(false)
  })

  it('name states by themselves', () => {
    expect(Object.entries(SessionState).every(([name, state]) => name === state)).toBe(true)
    expect(Object.keys(SessionState)).toHaveLength(19)
  })

  it('number reject reasons', () => {
    expect(SessionRejectReason.IncorrectNumInGroupCountForRepeatingGroup).toBe(16)
  })
})

describe('header and trailer', () => {
  it('are told from the body', () => {
    expect(
      [8, 9, 35, 34, 49, 56, 52, 43, 97, 122, 50, 142, 213, 347, 369, 370, 627, 630, 1128, 1156].every(isHeaderTag)
    ).toBe(true)
    expect([10, 89, 93].every(isTrailerTag)).toBe(true)
    expect(
      [11, 55, 1130, 1137, 453, 96, 0, -8, 5000, 2_000_000].some((tag) => isHeaderTag(tag) || isTrailerTag(tag))
    ).toBe(false)
    expect(isHeaderTag(10)).toBe(false)
    expect(isTrailerTag(34)).toBe(false)
  })

  it('say what the session alone decides', () => {
    expect([8, 9, 35, 34, 43, 49, 52, 56, 122, 369, 10].every((tag) => placeOf(tag) === Place.Session)).toBe(true)
    expect(placeOf(115)).toBe(Place.Header)
    expect(placeOf(93)).toBe(Place.Trailer)
    expect(placeOf(55)).toBe(Place.Body)
  })
})

describe('data fields', () => {
  it('are known with their lengths, both ways', () => {
    for (const [lengthTag, dataTag] of dataFields) {
      expect(dataTagOf(lengthTag)).toBe(dataTag)
      expect(lengthTagOf(dataTag)).toBe(lengthTag)
    }
    expect(dataFields).toContainEqual([95, 96])
    expect(dataFields).toContainEqual([93, 89])
    expect(dataFields).toContainEqual([212, 213])
    expect(dataFields).toContainEqual([43109, 42684])
  })

  it('are no others', () => {
    for (const tag of [0, -1, 1, 9, 94, 383, 99_999, 1_000_000]) {
      expect(dataTagOf(tag)).toBe(0)
      expect(lengthTagOf(tag)).toBe(0)
    }
  })
})
