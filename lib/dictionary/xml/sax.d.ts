/** The part of sax that the XML reader uses; the package has no types of its own. */
declare module 'sax' {
  export interface Tag {
    name: string
    attributes: Record<string, string>
  }
  export interface SAXParser {
    /** Counts from 0. */
    line: number
    /** How many characters were read when the last tag's "<" was. */
    startTagPosition: number
    onopentag: (tag: Tag) => void
    onclosetag: (name: string) => void
    ontext: (text: string) => void
    oncdata: (text: string) => void
    ondoctype: (text: string) => void
    onerror: (error: Error) => void
    write(text: string): SAXParser
    close(): SAXParser
  }
  const sax: { parser(strict: boolean, options: { strictEntities: boolean; position: boolean }): SAXParser }
  export default sax
}
