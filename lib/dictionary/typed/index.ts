/** What generated code imports. */
export { messageType } from './message-type.js'
export type {
  Data,
  Decimal,
  Entries,
  Int,
  MessageType,
  TagsByProperty,
  Timestamp,
  TypedMessage,
  TypedReading
} from './types.js'
