import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { runCli } from '../../lib/cli/cli.js'
import { type Command, type CommandIo, UsageError } from '../../lib/cli/command.js'
import { commands } from '../../lib/cli/commands.js'
import { FixConnectionError } from '../../lib/errors.js'
import { gapfill } from './recording-io.js'

const version: string = JSON.parse(readFileSync('package.json', 'utf8')).version

describe('gapfill', () => {
  it.each(['--version', '-v'])('%s says the release', async (flag) => {
    expect(await gapfill([flag])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each(['--help', '-h'])('%s lists every command', async (flag) => {
    const { status, stdout, stderr } = await gapfill([flag])
    expect([status, stderr]).toEqual([0, ''])
    for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'))
  })

  it('alone is a mistake that shows the list', async () => {
    const { status, stdout, stderr } = await gapfill([])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^gapfill: expected a command\ngapfill COMMAND/)
  })

  it('knows what was meant by a command that it does not know', async () => {
    expect(await gapfill(['chekc'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'gapfill: no command "chekc". Did you mean "check"?\ngapfill --help lists the commands.\n'
    })
    expect((await gapfill(['teleport'])).stderr).toMatch(/^gapfill: no command "teleport"\.\n/)
  })
})

describe('every command', () => {
  it.each(commands)('$name is told about by --help', async ({ name, usage }) => {
    expect(usage).toMatch(new RegExp(`^gapfill ${name}\\b`))
    expect(await gapfill([name, '--help'])).toEqual({ status: 0, stdout: `${usage}\n`, stderr: '' })
  })

  it.each(commands)('$name refuses options that it does not have', async ({ name }) => {
    const { status, stdout, stderr } = await gapfill([name, '--no-such-option'])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(new RegExp(`^gapfill ${name}: Unknown option '--no-such-option'`))
    expect(stderr).toContain(`usage: gapfill ${name}`)
  })
})

describe('a command', () => {
  const command = (run: Command['run']): Command => ({ name: 'try', summary: 'try', usage: 'gapfill try', run })
  const attempt = async (run: Command['run'], ...argv: string[]) => {
    const written: string[] = []
    const output = { write: (text: string) => written.push(text) }
    const io: CommandIo = { stdout: output, stderr: output, env: { A: 'a' }, cwd: '/there' }
    return { status: await runCli(['try', ...argv], io, [command(run)]), text: written.join('') }
  }

  it('gets the rest of the line and the world, and gives the exit status', async () => {
    let seen: unknown
    const { status } = await attempt(
      async (argv, { env, cwd }) => {
        seen = { argv, env, cwd }
        return 7
      },
      '-x',
      '--',
      '--help'
    )
    expect([status, seen]).toEqual([7, { argv: ['-x', '--', '--help'], env: { A: 'a' }, cwd: '/there' }])
  })

  it('that was called wrongly shows its usage', async () => {
    const { status, text } = await attempt(() => Promise.reject(new UsageError('expected a file')))
    expect([status, text]).toEqual([2, 'gapfill try: expected a file\nusage: gapfill try\n'])
    const strict = await attempt(async (argv) => {
      parseArgs({ args: [...argv] })
      return 0
    }, 'surplus')
    expect(strict.status).toBe(2)
  })

  it('that fails as it may says why in one line', async () => {
    const { status, text } = await attempt(() =>
      Promise.reject(new FixConnectionError('PORT_IN_USE', 'Port 1 is taken.'))
    )
    expect([status, text]).toEqual([1, 'gapfill try: Port 1 is taken.\n'])
  })

  it('that breaks shows where, without secrets', async () => {
    const { status, text } = await attempt(() => Promise.reject(new TypeError('boom 554=hunter2|10=0|')))
    expect(status).toBe(1)
    expect(text).toMatch(/^gapfill try: TypeError: boom 554=\*\*\*\|10=0\|\n +at /)
    expect((await attempt(() => Promise.reject('text'))).text).toBe('gapfill try: text\n')
  })
})

describe('the program', () => {
  afterEach(() => vi.restoreAllMocks())

  it('passes its arguments on and leaves with the status', async () => {
    const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    const listeners = [process.stdout, process.stderr].map((stream) => [stream, stream.listeners('error')] as const)
    const { argv, exitCode } = process
    process.argv = ['node', 'gapfill', '--version']
    try {
      await import('../../lib/cli/main.js')
      expect(process.exitCode).toBe(0)
      expect(stdout.mock.calls).toEqual([[`${version}\n`]])
    } finally {
      process.argv = argv
      process.exitCode = exitCode
      for (const [stream, before] of listeners) {
        for (const listener of stream.listeners('error')) {
          if (!before.includes(listener)) stream.off('error', listener as (error: Error) => void)
        }
      }
    }
  })
})
