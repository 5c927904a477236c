import { styleText } from 'node:util'
import type { CommandIo, Output } from './command.js'

type Format = Parameters<typeof styleText>[0]

export type Paint = (format: Format, text: string) => string

/** Colours for a terminal; plain text for files and pipes, and where NO_COLOR is set (no-color.org). */
export function paintFor(output: Output, env: CommandIo['env']): Paint {
  const plain = output.isTTY !== true || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb'
  return plain ? (_, text) => text : (format, text) => styleText(format, text, { validateStream: false })
}
