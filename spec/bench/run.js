import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { corpusSize, writeCorpus } from './corpus/corpus.js'
import { outcome } from './report/results.js'
import { textTable } from './report/table.js'
import { measureCodecs } from './works/codecs.js'
import { measureEndurance } from './works/endurance.js'
import { measureIdleSessions } from './works/idle-sessions.js'
import { measureImport } from './works/import.js'
import { measureResend } from './works/resend.js'
import { measureSessions } from './works/sessions.js'

export const works = {
  codecs: measureCodecs,
  sessions: measureSessions,
  resend: measureResend,
  idle: measureIdleSessions,
  endurance: measureEndurance,
  import: measureImport
}

/** Measures the works that are `wanted`, one after the other, and says how it goes. Answers their outcomes. */
export async function run(wanted, options) {
  const corpus = mkdtempSync(join(tmpdir(), 'gapfill-corpus-'))
  const outcomes = []
  try {
    const lengths = writeCorpus(corpus)
    const sizes = Object.entries(lengths).map(([name, length]) => `${name} of ${length} bytes`)
    console.log(`${corpusSize.toLocaleString('en')} messages each: ${sizes.join(', ')} on average\n`)
    for (const name of wanted) {
      await works[name]({
        ...options,
        corpus,
        progress,
        done(work) {
          progress('')
          const result = outcome(work)
          outcomes.push(result)
          console.log(`${textTable(result)}\n`)
        }
      })
    }
    return outcomes
  } finally {
    progress('')
    rmSync(corpus, { recursive: true, force: true })
  }
}

let shownAt = 0

/** On a terminal one line that is written over again; elsewhere a line every few seconds, so that a log shows that it lives. */
function progress(text) {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\u001b[K${text}`)
  } else if (text !== '' && performance.now() - shownAt > 10_000) {
    shownAt = performance.now()
    process.stderr.write(`... ${text}\n`)
  }
}
