import { defaulted, optional } from '../option.js'
import { dictionariesByApplVerId, dictionary, flag } from '../values.js'

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
