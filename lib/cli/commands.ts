import { check } from './check.js'
import type { Command } from './command.js'

/** Every command, in the order in which `gapfill --help` lists them. */
export const commands: readonly Command[] = [check]
