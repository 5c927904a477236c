import { parseArgs } from 'node:util'
import { type Command, UsageError } from './command.js'
import { compare } from './journal/compare.js'
import { exportMessages } from './journal/export.js'
import { repair } from './journal/repair.js'
import { show } from './journal/show.js'

const subcommands = { show, export: exportMessages, compare, repair }

export const journal: Command = {
  name: 'journal',
  summary: 'look into a journal, save what can be read of a damaged one',
  usage: `gapfill journal show FILE
       gapfill journal export [--json] [--session ID] [--from N] [--to N] [--secrets] FILE
       gapfill journal compare FILE OTHER
       gapfill journal repair FILE --out NEW

  show      the sessions of a journal: next numbers, last reset, last connection
  export    its messages, one a line: time, session, direction, MsgSeqNum(34), the message with | between fields
              --json           one object a line: { "session", "direction", "msgSeqNum", "time", "msgType", "raw" },
                               raw with SOH, one character a byte
              --session ID     of this session only; --from N, --to N: of these numbers only
              --secrets        passwords and signatures too, as far as the journal has them; otherwise they are masked
  compare   whether what each of two counterparties has sent is what the other has received; exit status 1 where it is not
  repair    puts all that can be read of a damaged journal into a new file and says what is missing. Stop the sessions that
            use it first, compare the numbers with the counterparty's, then use NEW in its place. FILE is only read.

show and export read page by page what cannot be read in the ordinary way; the exit status is 1 then. FILE may be in use but for
repair; nothing is ever written to it.`,

  run([name, ...rest], io) {
    if (name?.startsWith('-')) parseArgs({ args: [name], options: {} })
    const subcommand = Object.entries(subcommands).find(([known]) => known === name)?.[1]
    if (subcommand === undefined) {
      throw new UsageError(`expected one of ${Object.keys(subcommands).join(', ')}, got ${JSON.stringify(name ?? '')}`)
    }
    return subcommand(rest, io)
  }
}
