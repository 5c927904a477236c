import { describe, expect, it } from 'vitest'
import { order, problemsOf } from '../wire.js'

describe('validation, in the order of checks', () => {
  it.each(['FIX.4.0', 'FIX.4.1'])('finds nothing in a good order of %s', (version) => {
    expect(problemsOf(version, '35=D|11=ID|21=1|55=INTC|54=1|38=200|40=1|')).toEqual([])
  })

  it.each(['FIX.4.2', 'FIX.4.3', 'FIX.4.4', 'FIX.5.0', 'FIX.5.0SP1', 'FIX.5.0SP2'])(
    'finds nothing in a good order of %s',
    (version) => {
      expect(problemsOf(version, `35=D|${order}`)).toEqual([])
    }
  )

  it('takes any order within header and within body', () => {
    expect(
      problemsOf('FIX.4.4', `35=D|56=ISLD|52=20240102-10:11:12|34=2|49=TW|40=1|54=1|55=X|60=20240102-10:11:12|11=A|`)
    ).toEqual([])
  })

  describe('header, body, trailer (373=14)', () => {
    it('names the first header field behind a body field first', () => {
      expect(
        problemsOf(
          'FIX.4.4',
          `35=D|55=MSFT|34=2|49=TW|52=20240102-10:11:12|56=ISLD|11=id|40=1|54=1|60=20240102-10:11:12|`
        )
      ).toEqual([
        '14 34 MsgSeqNum: Tag specified out of required order',
        '14 49 SenderCompID: Tag specified out of required order',
        '14 52 SendingTime: Tag specified out of required order',
        '14 56 TargetCompID: Tag specified out of required order'
      ])
    })

    it('finds a body field behind a trailer field', () => {
      expect(problemsOf('FIX.4.4', '35=0|93=3|89=abc|112=A|')).toEqual([
        '14 112 TestReqID: Tag specified out of required order'
      ])
    })

    it('is switched off by validateFieldsOutOfOrder', () => {
      const fields = `35=0|112=A|34=2|49=TW|52=20240102-10:11:12|56=ISLD|`
      expect(problemsOf('FIX.4.4', fields, { validateFieldsOutOfOrder: false })).toEqual([])
    })
  })

  describe('MsgType (373=11)', () => {
    it('is told before anything of the header, and nothing is said of the body', () => {
      expect(problemsOf('FIX.4.4', '35=*|34=2|49=TW|52=junk|56=ISLD|999=x|')).toEqual([
        '11 - MsgType: Invalid MsgType',
        '6 52 SendingTime: Incorrect data format for value'
      ])
    })

    it('is switched off by validateMsgType', () => {
      expect(problemsOf('FIX.4.4', '35=U1|', { validateMsgType: false })).toEqual([])
    })
  })

  describe('required fields (373=1)', () => {
    it('misses header before body, lowest tag first', () => {
      expect(problemsOf('FIX.4.4', '35=D|34=2|49=TW|52=20240102-10:11:12|54=1|')).toEqual([
        '1 56 TargetCompID: Required tag missing',
        '1 11 ClOrdID: Required tag missing',
        '1 40 OrdType: Required tag missing',
        '1 60 TransactTime: Required tag missing'
      ])
    })

    it('does not miss a required field of an optional group or component that is absent', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order}`)).toEqual([])
    })

    it('misses a required field in every entry of a group', () => {
      expect(problemsOf('FIX.4.4', '35=V|262=A|263=0|264=1|267=1|269=0|146=2|55=A|55=B|')).toEqual([])
      expect(problemsOf('FIX.4.2', '35=V|262=A|263=0|264=1|267=1|269=0|146=2|55=A|65=WI|55=B|')).toEqual([])
      expect(problemsOf('FIX.4.4', '35=E|66=L|394=1|68=2|73=2|11=A|67=1|54=1|11=B|67=2|')).toEqual([
        '1 54 NoOrders[1].Side: Required tag missing'
      ])
    })

    it('is switched off by validateRequiredFields', () => {
      expect(problemsOf('FIX.4.4', '35=D|', { validateRequiredFields: false })).toEqual([])
    })
  })

  describe('empty values (373=4)', () => {
    it('come before the checks of the value', () => {
      expect(problemsOf('FIX.4.4', '35=0|34=2|49=TW|52=|56=|112=|')).toEqual([
        '4 52 SendingTime: Tag specified without a value',
        '4 56 TargetCompID: Tag specified without a value',
        '4 112 TestReqID: Tag specified without a value'
      ])
    })

    it('are found in header fields before bad body fields', () => {
      expect(
        problemsOf(
          'FIX.4.4',
          '35=D|34=2|49=TW|52=20240102-10:11:12|56=ISLD|128=|11=ID|21=4|55=INTC|54=1|60=20240102-10:11:12|40=1|'
        )
      ).toEqual([
        '4 128 DeliverToCompID: Tag specified without a value',
        '5 21 HandlInst: Value is incorrect (out of range) for this tag'
      ])
    })

    it('are let in by validateFieldsHaveValues, and not held against their type then', () => {
      expect(
        problemsOf('FIX.4.4', '35=1|112=|108=|', { validateFieldsHaveValues: false, allowUnknownMsgFields: true })
      ).toEqual([])
    })
  })

  describe('repeated tags (373=13)', () => {
    it('are found in header and body, adjacent or not', () => {
      expect(problemsOf('FIX.4.4', `35=D|34=2|49=TW|49=TW|52=20240102-10:11:12|56=ISLD|${order}40=2|`)).toEqual([
        '13 49 SenderCompID: Tag appears more than once',
        '13 40 OrdType: Tag appears more than once'
      ])
    })

    it('are switched off by validateRepeatedTags', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order}40=2|`, { validateRepeatedTags: false })).toEqual([])
    })
  })

  describe('data types (373=6) and listed values (373=5)', () => {
    it('refuse a plus sign in a quantity', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order.replace('002000.00', '+200.00')}`)).toEqual([
        '6 38 OrderQty: Incorrect data format for value'
      ])
    })

    it('look at the type before the list', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order.replace('54=1', '54=failboat')}`)).toEqual([
        '6 54 Side: Incorrect data format for value'
      ])
      expect(problemsOf('FIX.4.4', `35=D|${order.replace('54=1', '54=x')}`)).toEqual([
        '5 54 Side: Value is incorrect (out of range) for this tag'
      ])
    })

    it('know that char is any text in FIX 4.0 and 4.1', () => {
      expect(problemsOf('FIX.4.0', '35=D|11=ID|21=1|55=INTC|54=1|38=200|40=1|58=some text|')).toEqual([])
      expect(problemsOf('FIX.4.1', '35=D|11=ID|21=1|55=INTC|54=failboat|38=200|40=1|')).toEqual([
        '5 54 Side: Value is incorrect (out of range) for this tag'
      ])
    })

    it('hold each of several values against the list', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order}18=1 G 2|`)).toEqual([])
      expect(problemsOf('FIX.4.4', `35=D|${order}18=1 ! 2|`)).toEqual([
        '5 18 ExecInst: Value is incorrect (out of range) for this tag'
      ])
    })

    it('know values of more than one character', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order}167=CS|`)).toEqual([])
      expect(problemsOf('FIX.4.4', `35=D|${order}167=BOO|`)).toEqual([
        '5 167 SecurityType: Value is incorrect (out of range) for this tag'
      ])
    })

    it('let IOIQty be a word of size or a quantity', () => {
      const indication = '35=6|23=A|28=N|55=X|54=1|'
      expect(problemsOf('FIX.4.4', `${indication}27=S|`)).toEqual([])
      expect(problemsOf('FIX.4.4', `${indication}27=1000|`)).toEqual([])
      expect(problemsOf('FIX.4.4', `${indication}27=X|`)).toEqual([
        '5 27 IOIQty: Value is incorrect (out of range) for this tag'
      ])
    })

    it('are switched off by validateFieldTypes and allowUnknownEnumValues', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order.replace('2000', '+2000')}`, { validateFieldTypes: false })).toEqual([])
      expect(problemsOf('FIX.4.4', `35=D|${order.replace('54=1', '54=x')}`, { allowUnknownEnumValues: true })).toEqual(
        []
      )
    })

    it('hold in groups and in nested groups', () => {
      const parties = (party: string, sub: string) =>
        `35=D|${order}453=1|448=A|447=D|452=${party}|802=1|523=x|803=${sub}|`
      expect(problemsOf('FIX.4.4', parties('1', '1'))).toEqual([])
      expect(problemsOf('FIX.4.4', parties('failboat', 'failboat'))).toEqual([
        '6 452 NoPartyIDs[0].PartyRole: Incorrect data format for value',
        '6 803 NoPartyIDs[0].NoPartySubIDs[0].PartySubIDType: Incorrect data format for value'
      ])
    })
  })

  describe('tags (373=0 and 373=2)', () => {
    it.each(['999', '0', '-1', '5000', '20000', '70000'])('refuses the unknown tag %s', (tag) => {
      expect(problemsOf('FIX.4.4', `35=0|${tag}=HI|`)).toEqual([`0 ${tag} ${tag}: Invalid tag number`])
    })

    it('refuses a known tag in a message that has no place for it', () => {
      expect(problemsOf('FIX.4.4', '35=0|55=MSFT|')).toEqual(['2 55 Symbol: Tag not defined for this message type'])
    })

    it('takes header fields of later versions for unknown tags, not for misplaced ones', () => {
      expect(problemsOf('FIX.4.0', '35=0|34=2|49=TW|144=X|52=20240102-10:11:12|56=ISLD|')).toEqual([
        '0 144 144: Invalid tag number'
      ])
    })

    it('lets tags below 5000 in with allowUnknownMsgFields, but never what is no tag', () => {
      const options = { allowUnknownMsgFields: true }
      expect(problemsOf('FIX.4.4', '35=0|999=HI|55=MSFT|', options)).toEqual([])
      expect(problemsOf('FIX.4.4', '35=0|5000=HI|0=HI|-1=x|', options)).toEqual([
        '0 5000 5000: Invalid tag number',
        '0 0 0: Invalid tag number',
        '0 -1 -1: Invalid tag number'
      ])
    })

    it('lets tags from 5000 up in without validateUserDefinedFields', () => {
      const options = { validateUserDefinedFields: false }
      expect(problemsOf('FIX.4.4', '35=0|5000=HI|12345=x|', options)).toEqual([])
      expect(problemsOf('FIX.4.4', '35=0|999=HI|', options)).toEqual(['0 999 999: Invalid tag number'])
    })

    it('does not end an entry at a tag that is let in', () => {
      const fields = `35=D|${order}453=2|448=A|7001=x|447=D|452=1|448=B|447=D|452=3|7002=y|`
      expect(problemsOf('FIX.4.4', fields, { validateUserDefinedFields: false })).toEqual([])
    })
  })

  describe('group count (373=16)', () => {
    it('wins over bad values inside the group', () => {
      expect(
        problemsOf('FIX.5.0SP1', '35=D|11=ID|54=1|60=20240102-10:11:12|40=1|55=X|386=3|336=PRE-OPEN|336=AFTER-HOURS|')
      ).toEqual([
        '16 386 NoTradingSessions: Incorrect NumInGroup count for repeating group',
        '5 336 NoTradingSessions[0].TradingSessionID: Value is incorrect (out of range) for this tag',
        '5 336 NoTradingSessions[1].TradingSessionID: Value is incorrect (out of range) for this tag'
      ])
    })

    it('may be 0', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order}454=0|`)).toEqual([])
      expect(problemsOf('FIX.4.4', `35=D|${order}454=000|`)).toEqual([])
    })

    it('is wrong when it is 0 and entries follow, or none do and it is not', () => {
      const wrong = '16 453 NoPartyIDs: Incorrect NumInGroup count for repeating group'
      expect(problemsOf('FIX.4.4', `35=D|${order}453=0|448=A|`)).toEqual([wrong])
      expect(problemsOf('FIX.4.4', `35=D|${order}453=1|`)).toEqual([wrong])
    })

    it('is told once where it is no number', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order}453=two|448=A|448=B|`)).toEqual([
        '6 453 NoPartyIDs: Incorrect data format for value'
      ])
    })

    it('is switched off by validateGroupCounts', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order}453=7|448=A|`, { validateGroupCounts: false })).toEqual([])
    })
  })

  describe('group members (373=15)', () => {
    it('stand in the order of the dictionary', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order}453=1|448=A|452=1|447=D|`)).toEqual([
        '15 447 NoPartyIDs[0].PartyIDSource: Out of order repeating group members'
      ])
    })

    it('may stand in any order without validateUnorderedGroupFields, but none twice', () => {
      const options = { validateUnorderedGroupFields: false }
      expect(problemsOf('FIX.4.4', `35=D|${order}453=1|448=A|452=1|447=D|`, options)).toEqual([])
      expect(problemsOf('FIX.4.4', `35=D|${order}453=1|448=A|452=1|452=1|`, options)).toEqual([
        '13 452 NoPartyIDs[0].PartyRole: Tag appears more than once'
      ])
    })
  })

  describe('group delimiter', () => {
    const fields = `35=D|${order}453=1|447=D|452=1|`

    it('opens every entry', () => {
      expect(problemsOf('FIX.4.4', fields)).toEqual([
        '15 447 NoPartyIDs[0].PartyIDSource: The group 453 must set the delimiter field 448'
      ])
    })

    it('is missed as QuickFIX/n does with missingDelimiterReason', () => {
      expect(problemsOf('FIX.4.4', fields, { missingDelimiterReason: 99 })).toEqual([
        "99 453 NoPartyIDs[0].PartyIDSource: Group 453's first entry does not start with delimiter 448"
      ])
    })

    it('is the first field that comes with firstFieldInGroupIsDelimiter', () => {
      const two = '35=E|66=L|394=1|68=2|73=2|67=1|11=A|54=1|67=2|11=B|54=1|'
      const options = { firstFieldInGroupIsDelimiter: true, validateUnorderedGroupFields: false }
      expect(problemsOf('FIX.4.4', two, options)).toEqual([])
    })

    it('is not missed without validateGroupDelimiters', () => {
      expect(problemsOf('FIX.4.4', `35=D|${order}453=1|447=D|452=1|`, { validateGroupDelimiters: false })).toEqual([])
    })
  })

  it('nests groups three deep', () => {
    const quote =
      '35=R|131=A|146=1|55=X|555=1|600=L|687=5|539=1|524=P|525=D|538=1|804=2|545=a|805=1|545=b|805=2|58=text|'
    expect(problemsOf('FIX.4.4', quote)).toEqual([])
    expect(problemsOf('FIX.4.4', quote.replace('545=b|805=2', '545=b|805=zwei'))).toEqual([
      '6 805 NoRelatedSym[0].NoLegs[0].NoNestedPartyIDs[0].NoNestedPartySubIDs[1].NestedPartySubIDType: Incorrect data format for value'
    ])
  })

  it('takes data with SOH and MessageEncoding, and data without its length', () => {
    expect(
      problemsOf(
        'FIX.4.4',
        '35=B|34=2|49=TW|52=20240102-10:11:12|56=ISLD|347=UTF-8|148=x|33=1|58=y|95=5|96=a\u0001b=c|'
      )
    ).toEqual([])
    expect(problemsOf('FIX.4.4', '35=B|148=x|359=\u00e6\u0097\u00a5|33=1|58=y|')).toEqual([])
  })
})
