import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseConversation } from './support/conversation/conversation-file.js'
import { replay } from './support/conversation/replay.js'

/* Recorded by `GAPFILL_RECORD=fixtures/conversations/quickfix-acceptor.txt npm run test:interop -- recording`. */

const file = new URL('../fixtures/conversations/quickfix-acceptor.txt', import.meta.url)
const conversation = parseConversation(readFileSync(file, 'latin1'))

it('says to QuickFIX today what it said when it was recorded, byte for byte', async () => {
  const { sent, recorded, session } = await replay(conversation)
  expect(recorded.length).toBeGreaterThan(60)
  expect(sent).toEqual(recorded)
  expect(session.state).toBe('DisconnectedWConnToday')
})

it('would notice another byte', async () => {
  const changed = conversation.events.map((event) =>
    event.kind === 'app' ? { ...event, text: event.text.replace('55=MSFT', '55=MSFX') } : event
  )
  const { sent, recorded } = await replay({ ...conversation, events: changed })
  expect(sent).not.toEqual(recorded)
})
