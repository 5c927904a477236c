import { dataFields } from './data-fields.js'
import { headerTags, trailerTags } from './header.js'

const special = new Uint8Array(1 + Math.max(...headerTags, ...trailerTags, ...dataFields.flat()))
for (const tag of [...headerTags, ...trailerTags, ...dataFields.flat()]) special[tag] = 1

/** True for a tag, 1 or more, of which nothing is known that matters to a writer: no header, trailer, Length or data. */
export function isPlainField(tag: number): boolean {
  return tag >= special.length || special[tag] === 0
}
