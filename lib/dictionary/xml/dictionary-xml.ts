import { FixDictionaryError } from '../../errors.js'
import type { Facts } from '../facts.js'
import { readOrchestra } from './orchestra.js'
import { type Reading, readQuickFix } from './quickfix.js'
import { decodeXml, maxFileSize, readXml } from './xml-reader.js'

/**
 * Reads a dictionary file: QuickFIX XML or FIX Orchestra XML, whichever its root element says.
 *
 * `<fix extends="FIX.4.4">` makes it an extension of a built-in version or of another file; `factsOf` gives that one's
 * facts. Throws FixDictionaryError.
 */
export function readDictionaryXml(bytes: Uint8Array, file: string, factsOf: (extended: string) => Facts): Reading {
  if (bytes.byteLength > maxFileSize) {
    throw new FixDictionaryError(file, 1, 'xml', `longer than ${maxFileSize} bytes: this is no dictionary.`)
  }
  const root = readXml(decodeXml(bytes, file), file)
  if (root.name === 'repository') return readOrchestra(root, file)
  if (root.name !== 'fix') {
    const expected = 'expected <fix> (QuickFIX XML) or <repository> (FIX Orchestra XML) as root element'
    throw new FixDictionaryError(file, root.line, root.name, `${expected}, got <${root.name}>.`)
  }
  const extended = root.attribute('extends')
  return readQuickFix(root, file, extended === undefined ? undefined : factsOf(extended))
}
