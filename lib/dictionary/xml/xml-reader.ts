import { FixDictionaryError } from '../../errors.js'
import { sax } from '../../packages.js'

/** An element with the line on which its tag starts. */
export interface XmlElement {
  /** Without its namespace prefix. */
  readonly name: string
  readonly line: number
  readonly children: readonly XmlElement[]
  /** The text directly in it, trimmed. */
  readonly text: string
  /** The attribute's value, trimmed, or undefined. Its name may be written in other letters: `msgType` for `msgtype`. */
  attribute(name: string): string | undefined
}

/** Deeper than any dictionary nests; a limit because readers of the tree recurse. */
const maxDepth = 64
/** Largest file read, bytes: many times the largest published dictionary. */
export const maxFileSize = 64 * 1024 * 1024

class Element implements XmlElement {
  readonly name: string
  readonly line: number
  readonly children: Element[] = []
  text = ''
  readonly #attributes: Record<string, string>

  constructor(name: string, line: number, attributes: Record<string, string>) {
    this.name = name.slice(name.indexOf(':') + 1)
    this.line = line
    this.#attributes = attributes
  }

  attribute(name: string): string | undefined {
    if (Object.hasOwn(this.#attributes, name)) return this.#attributes[name]?.trim()
    const written = Object.keys(this.#attributes).find((key) => key.toLowerCase() === name.toLowerCase())
    return written === undefined ? undefined : this.#attributes[written]?.trim()
  }
}

/**
 * Reads an XML text into its root element. No entity but XML's own five is known and no DOCTYPE that could declare one
 * is accepted, so nothing outside `text` is ever read and nothing expands.
 *
 * Throws FixDictionaryError where it is not well-formed.
 */
export function readXml(text: string, file: string): XmlElement {
  const parser = sax().parser(true, { strictEntities: true, position: true })
  const open: Element[] = []
  const lineOf = lineCounter(text)
  let root: Element | undefined
  const fail = (message: string): never => {
    throw new FixDictionaryError(file, parser.line + 1, open[open.length - 1]?.name ?? 'xml', message)
  }
  parser.onopentag = (tag) => {
    const element = new Element(tag.name, lineOf(parser.startTagPosition - 1), tag.attributes)
    if (open.length >= maxDepth) fail(`elements nest more than ${maxDepth} deep.`)
    if (open.length > 0) open[open.length - 1]?.children.push(element)
    else if (root) fail(`not well-formed XML: <${tag.name}> follows the end of the document.`)
    else root = element
    open.push(element)
  }
  parser.onclosetag = () => {
    const element = open.pop()
    if (element) element.text = element.text.trim()
  }
  parser.ontext = parser.oncdata = (part) => {
    const element = open[open.length - 1]
    if (element) element.text += part
  }
  parser.ondoctype = (doctype) => {
    if (/\[|\b(?:SYSTEM|PUBLIC)\b/.test(doctype)) {
      fail('a DOCTYPE that declares or refers to anything is refused: dictionaries need no entities. Remove it.')
    }
  }
  parser.onerror = (error) => fail(`not well-formed XML: ${error.message.split('\n')[0]?.replace(/\.$/, '')}.`)
  for (let start = 0; start < text.length; start += 65536) parser.write(text.slice(start, start + 65536))
  parser.close()
  return root ?? fail('expected an XML document, got nothing.')
}

/** Line, from 1, of positions that are asked for in ascending order. */
function lineCounter(text: string): (position: number) => number {
  let line = 1
  let next = text.indexOf('\n')
  return (position) => {
    for (; next >= 0 && next < position; next = text.indexOf('\n', next + 1)) line += 1
    return line
  }
}

/** The text of an XML file, decoded as its byte order mark or its XML declaration says; UTF-8 otherwise. */
export function decodeXml(bytes: Uint8Array, file: string): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1]
  const encoding = head.startsWith('\xff\xfe') ? 'utf-16le' : head.startsWith('\xfe\xff') ? 'utf-16be' : declared
  try {
    return new TextDecoder(encoding ?? 'utf-8').decode(bytes)
  } catch {
    throw new FixDictionaryError(file, 1, 'xml', `cannot be read in the encoding ${encoding}. Save it as UTF-8.`)
  }
}
