import { FixDictionaryError } from '../../errors.js'
import type { XmlElement } from './xml-reader.js'

/** Warnings beyond are left out: one kind of oddity may be everywhere. */
const mostWarnings = 1000

/** A dictionary file that is being read, and what is odd or wrong in it: each with file, line and element. */
export abstract class XmlDictionary {
  protected readonly file: string
  protected readonly warnings: string[] = []

  constructor(file: string) {
    this.file = file
  }

  protected required(element: XmlElement, name: string): string {
    return element.attribute(name) || this.fail(element, `attribute "${name}" is missing.`)
  }

  protected warn(element: XmlElement, message: string): void {
    if (this.warnings.length < mostWarnings)
      this.warnings.push(`${this.file}:${element.line}: <${element.name}>: ${message}`)
  }

  protected fail(element: XmlElement, message: string): never {
    throw new FixDictionaryError(this.file, element.line, element.name, message)
  }
}
