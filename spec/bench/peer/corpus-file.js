import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The texts that `writeCorpus` has put into a directory. */
export function readTexts(directory, name) {
  return readFileSync(join(directory, `${name}.fix`), 'latin1').split('\n')
}

/** What a socket gives of them: reads of 64 KiB, cut anywhere. */
export function readsOf(texts, size = 65_536) {
  const all = Buffer.from(texts.join(''), 'latin1')
  const reads = []
  for (let at = 0; at < all.length; at += size) reads.push(Buffer.from(all.subarray(at, at + size)))
  return reads
}
