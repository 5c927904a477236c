#!/usr/bin/env node
import { runCli } from './cli.js'

// A reader that has gone (`gapfill run | head`) must not end a session.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  // Only whoever reads it opens it.
  get stdin() {
    return process.stdin
  },
  env: process.env,
  cwd: process.cwd()
})
