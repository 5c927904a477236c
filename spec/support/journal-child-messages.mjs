export const sessionId = 'FIX.4.4:CHILD->PARENT'

/** The message that the child stores under a number; some have bytes outside ASCII. */
export function messageText(direction, msgSeqNum) {
  const text = `${msgSeqNum % 10 === 0 ? 'caf\u00e9' : 'coffee'} ${'.'.repeat(msgSeqNum % 300)}`
  return `8=FIX.4.4\u000135=8\u000134=${msgSeqNum}\u000149=${direction}\u000158=${text}\u000110=000\u0001`
}
