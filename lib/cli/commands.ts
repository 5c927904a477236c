import { check } from './check.js'
import type { Command } from './command.js'
import { demo } from './demo.js'
import { generate } from './generate.js'
import { importCommand } from './import.js'
import { journal } from './journal.js'
import { log } from './log.js'
import { run } from './run.js'

/** Every command, in the order in which `gapfill --help` lists them. */
export const commands: readonly Command[] = [demo, run, check, log, journal, generate, importCommand]
