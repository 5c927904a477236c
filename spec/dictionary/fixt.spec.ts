import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FixtDictionary, type SessionDictionary, sessionDictionary } from '../../lib/dictionary/session-dictionary.js'
import { describe as problems, received } from './wire.js'

const directory = mkdtempSync(path.join(tmpdir(), 'gapfill-fixt-'))
afterAll(() => rmSync(directory, { recursive: true }))

function check(dictionary: SessionDictionary | undefined, fields: string): string[] {
  if (!dictionary) throw new Error('expected a dictionary')
  const header = '34=2|49=TW|52=20240102-10:11:12|56=ISLD|'
  return problems(dictionary, received(fields.replace('|', `|${header}`), dictionary, 'FIXT.1.1'))
}

const logon = '35=A|98=0|108=30|1137=9|'
const order = (applVerId: string) => `35=D|${applVerId}11=A|55=X|54=1|60=20240102-10:11:12|38=1|40=1|`

describe('the dictionary of a FIXT.1.1 session', () => {
  const session = sessionDictionary({ beginString: 'FIXT.1.1', dictionary: 'FIX.5.0SP2', defaultApplVerId: '9' })

  it('holds session messages against the transport', () => {
    expect(check(session, logon)).toEqual([])
    expect(check(session, '35=A|98=0|108=30|')).toEqual(['1 1137 DefaultApplVerID: Required tag missing'])
  })

  it('holds each application message against the version that it names, or the default', () => {
    expect(check(session, order(''))).toEqual([])
    // MassOrder came with FIX 5.0 SP2, MaturityTime(1079) with FIX 5.0, HandlInst(21)=4 never.
    expect(check(session, '35=DJ|11=A|')[0]).not.toMatch(/^11/)
    expect(check(session, '35=DJ|1128=7|11=A|')).toEqual(['11 - MsgType: Invalid MsgType'])
    expect(check(session, order('1128=7|'))).toEqual([])
    expect(check(session, order('1128=6|'))).toEqual([])
    expect(check(session, `${order('1128=6|')}1079=10:00Z|`)).toEqual(['0 1079 1079: Invalid tag number'])
    expect(check(session, `${order('1128=7|')}1079=10:00Z|`)).toEqual([])
  })

  it('refuses versions that it has no dictionary for', () => {
    expect(check(session, order('1128=33|'))).toEqual(['18 1128 ApplVerID: Invalid or unsupported application version'])
    const noDefault = sessionDictionary({ beginString: 'FIXT.1.1', dictionary: 'FIX.5.0SP2' })
    expect(check(noDefault, order(''))).toEqual(['18 - ApplVerID: Invalid or unsupported application version'])
    if (noDefault instanceof FixtDictionary) noDefault.defaultApplVerId = '9'
    expect(check(noDefault, order(''))).toEqual([])
  })

  it('knows only the versions of appDictionaries where there are any', () => {
    const two = sessionDictionary({
      beginString: 'FIXT.1.1',
      appDictionaries: { 7: 'FIX.5.0', 9: 'FIX.5.0SP2' },
      defaultApplVerId: '7'
    })
    expect(
      [two, '7', '8', '9'].map((id) => two instanceof FixtDictionary && typeof id === 'string' && two.supports(id))
    ).toEqual([false, true, false, true])
    expect(check(two, order('1128=8|'))).toEqual(['18 1128 ApplVerID: Invalid or unsupported application version'])
  })

  it('puts the header of the transport before messages of FIX 4.4, and tells their groups', () => {
    const groups = session?.structureOf('D', '6')?.groups
    expect([groups?.has(627), groups?.get(453)?.delimiter]).toEqual([true, 448])
    expect(session?.structureOf('A')?.groups.has(627)).toBe(true)
    expect(session?.structureOf('D', '33')).toBeUndefined()
  })

  it('takes the transport from a file', () => {
    const file = path.join(directory, 'transport.xml')
    writeFileSync(
      file,
      `<fix extends="FIXT.1.1"><messages><message name="Logon" msgtype="A"><field name="VenueKey" required="Y"/></message></messages>
       <fields><field number="20001" name="VenueKey" type="STRING"/></fields></fix>`
    )
    const venue = sessionDictionary({
      beginString: 'FIXT.1.1',
      transportDictionary: file,
      dictionary: 'FIX.5.0SP2',
      defaultApplVerId: '9'
    })
    expect(check(venue, logon)).toEqual(['1 20001 VenueKey: Required tag missing'])
    expect(check(venue, `${logon}20001=k|`)).toEqual([])
    expect(check(venue, order(''))).toEqual([])
  })

  it('shares what it compiles with other sessions of the same dictionaries', () => {
    const other = sessionDictionary({ beginString: 'FIXT.1.1', dictionary: 'FIX.5.0SP2', defaultApplVerId: '9' })
    expect(other).not.toBe(session)
    expect(other?.structureOf('D')).toBe(session?.structureOf('D'))
  })
})

describe('the dictionary of other sessions', () => {
  it('is the one that the config names, or none', () => {
    expect(sessionDictionary({ beginString: 'FIX.4.4', dictionary: 'FIX.4.4' })?.beginString).toBe('FIX.4.4')
    expect(sessionDictionary({ beginString: 'FIX.4.4' })).toBeUndefined()
    expect(sessionDictionary({ beginString: 'FIXT.1.1' })).toBeUndefined()
  })
})
