import type { Output } from './command.js'

/** Writes no faster than is read. False when nobody reads any more. */
export async function say(output: Output, text: string): Promise<boolean> {
  if (text === '' || output.write(text) !== false || output.once === undefined) return true
  return await new Promise((resolveSaid) => {
    output.once?.('drain', () => resolveSaid(true))
    output.once?.('close', () => resolveSaid(false))
    output.once?.('error', () => resolveSaid(false))
  })
}
