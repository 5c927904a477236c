import { defaulted, optional } from '../option.js'
import { dictionariesByApplVerId, dictionary, flag, oneOf } from '../values.js'

/** Data dictionaries, and which of their rules are held. */
export const validationOptions = {
  dictionary: optional({
    type: dictionary,
    meaning:
      'Data dictionary: the name of a built-in one or the path of an XML file; without it groups are flat fields.',
    quickfix: ['DataDictionary', 'UseDataDictionary']
  }),
  transportDictionary: optional({
    type: dictionary,
    only: 'FIXT.1.1',
    meaning: 'Dictionary of header, trailer and session messages.',
    quickfix: ['TransportDataDictionary']
  }),
  appDictionaries: optional({
    type: dictionariesByApplVerId,
    only: 'FIXT.1.1',
    meaning: 'Dictionaries of application messages by ApplVerID(1128), by value ("9") or by name ("FIX.5.0SP2").',
    quickfix: ['AppDataDictionary', 'AppDataDictionary.<ver>']
  }),
  validateIncomingMessage: defaulted(true, {
    type: flag,
    meaning: 'Hold what comes in against the dictionary.',
    quickfix: ['ValidateIncomingMessage']
  }),
  rejectInvalidMessage: defaulted(true, {
    type: flag,
    meaning: 'Reject what the dictionary refuses; otherwise it is logged and delivered.',
    quickfix: ['RejectInvalidMessage']
  }),
  validateChecksum: defaulted(true, {
    type: flag,
    meaning: 'Take a message with a wrong CheckSum(10) for garbled.',
    quickfix: ['ValidateChecksum', 'ValidateLengthAndChecksum']
  }),
  rejectGarbledMessage: defaulted(false, {
    type: flag,
    meaning: 'Answer garbled messages with a Reject(3) and count them, against the standard, which ignores them.',
    quickfix: ['RejectGarbledMessage']
  }),
  validateMsgType: defaulted(true, {
    type: flag,
    meaning: 'Refuse types of message that the dictionary does not know; nothing is held against them otherwise.',
    quickfix: []
  }),
  validateRequiredFields: defaulted(true, {
    type: flag,
    meaning: 'Refuse messages without a field that is required in header, body, component or group entry.',
    quickfix: []
  }),
  validateConditionalFields: defaulted(true, {
    type: flag,
    meaning: 'Refuse messages without a field that is required under a condition which the dictionary states.',
    quickfix: []
  }),
  validateFieldTypes: defaulted(true, {
    type: flag,
    meaning: 'Refuse values that do not have the form of their data type.',
    quickfix: []
  }),
  validateRepeatedTags: defaulted(true, {
    type: flag,
    meaning: 'Refuse tags that stand twice in a message, or twice in an entry of a repeating group.',
    quickfix: []
  }),
  validateFieldsOutOfOrder: defaulted(true, {
    type: flag,
    meaning: 'Refuse header, body and trailer fields that stand in one of the others.',
    quickfix: ['ValidateFieldsOutOfOrder']
  }),
  validateFieldsHaveValues: defaulted(true, {
    type: flag,
    meaning: 'Refuse fields without a value.',
    quickfix: ['ValidateFieldsHaveValues']
  }),
  validateUserDefinedFields: defaulted(true, {
    type: flag,
    meaning: 'Refuse tags from 5000 up that the dictionary does not know.',
    quickfix: ['ValidateUserDefinedFields']
  }),
  allowUnknownMsgFields: defaulted(false, {
    type: flag,
    meaning: 'Accept tags below 5000 that the dictionary does not know in the message.',
    quickfix: ['AllowUnknownMsgFields']
  }),
  allowUnknownEnumValues: defaulted(false, {
    type: flag,
    meaning: "Accept values outside a field's list.",
    quickfix: ['AllowUnknownEnumValues']
  }),
  allowDrift: defaulted(false, {
    type: flag,
    meaning:
      "Deliver messages with unknown tags, tags of other messages or values outside a field's list, and report each new kind once.",
    quickfix: []
  }),
  validateGroupCounts: defaulted(true, {
    type: flag,
    meaning: 'Refuse repeating groups with more or fewer entries than their count says.',
    quickfix: []
  }),
  validateGroupDelimiters: defaulted(true, {
    type: flag,
    meaning: "Refuse repeating groups whose first entry does not begin with the dictionary's first field.",
    quickfix: []
  }),
  missingDelimiterReason: defaulted(15, {
    type: () => oneOf(15, 99),
    meaning:
      'SessionRejectReason(373) of that refusal: 15 names the field in the wrong place, 99 the count (as QuickFIX/n does).',
    quickfix: []
  }),
  validateUnorderedGroupFields: defaulted(true, {
    type: flag,
    meaning: "Refuse fields of a repeating group's entry that are not in the dictionary's order.",
    quickfix: ['ValidateUnorderedGroupFields']
  }),
  firstFieldInGroupIsDelimiter: defaulted(false, {
    type: flag,
    meaning:
      'Let the first field that arrives in a repeating group separate its entries, whatever the dictionary says.',
    quickfix: ['FirstFieldInGroupIsDelimiter']
  })
}
