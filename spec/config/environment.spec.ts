import { describe, expect, it } from 'vitest'
import { parseConfig, parseEngineConfig } from '../../lib/config/config.js'
import { acceptor, initiator, problemsOf } from './problems.js'

/** `${name}` as it is written in a config. */
const reference = (name: string) => `\${${name}}`

const env = { ID: 'DESK', EMPTY: '', PORT: '9001', WAIT: '0.5', ON: 'true', SECRET: 'hunter2' }
const parse = (more: object) => parseConfig({ ...initiator, ...more }, { env })
const mistakes = (more: object) => problemsOf(() => parse(more))

describe('a reference to the environment', () => {
  it.each([
    [reference('ID'), 'DESK'],
    [`A-${reference('ID')}-${reference('PORT')}`, 'A-DESK-9001'],
    [`A${reference('EMPTY')}B`, 'AB'],
    ['$ID', '$ID'],
    [`$${reference('ID')}`, reference('ID')],
    [`$$${reference('ID')}`, `$${reference('ID')}`],
    ['$${', '${'],
    ['100$', '100$']
  ])('in %s gives %s', (written, read) => {
    expect(parse({ senderSubId: written }).senderSubId).toBe(read)
  })

  it('is read wherever a text may stand', () => {
    const config = parse({ hosts: [{ host: reference('ID'), port: 1 }], journal: { path: `/${reference('ID')}.db` } })
    expect(config).toMatchObject({ journal: { path: '/DESK.db' } })
    expect(config).toMatchObject({ hosts: [{ host: '127.0.0.1' }, { host: 'DESK' }] })
  })

  it('is never read in what the environment gave', () => {
    const config = parseConfig({ ...initiator, senderSubId: reference('A') }, { env: { A: reference('B'), B: 'b' } })
    expect(config.senderSubId).toBe(reference('B'))
  })

  it('may spell a number or a truth value where one is wanted, and stays text elsewhere', () => {
    expect(
      parse({ port: reference('PORT'), resetOnLogon: reference('ON'), senderSubId: reference('PORT') })
    ).toMatchObject({ port: 9001, resetOnLogon: true, senderSubId: '9001' })
    expect(parse({ reconnectInterval: reference('WAIT') })).toMatchObject({ reconnectInterval: [0.5] })
    expect(parse({ reconnectInterval: [1, reference('WAIT')] })).toMatchObject({ reconnectInterval: [1, 0.5] })
    expect(parse({ hosts: [{ host: 'b', port: reference('PORT') }] })).toMatchObject({ hosts: [{}, { port: 9001 }] })
  })
})

describe('what errors say of the environment', () => {
  it('names a variable that is not set, and nothing else about the option', () => {
    expect(mistakes({ port: reference('NO_PORT') })).toEqual([
      `port: expected the environment variable NO_PORT to be set, got "\${NO_PORT}". Set it, or write "$\${" for a "\${" that is meant as it stands.`
    ])
  })

  it('names each of several', () => {
    expect(mistakes({ senderSubId: `${reference('A')}${reference('B')}` })).toHaveLength(2)
  })

  it.each([reference(''), reference('1A'), reference('A B'), '${ID'])('refuses %s as a reference', (written) => {
    expect(mistakes({ senderSubId: written })).toEqual([
      `senderSubId: expected "${reference('NAME')}" with the name of an environment variable, got "${written}". Correct the name, or write "$\${" for a "\${" that is meant as it stands.`
    ])
  })

  it('never shows a value', () => {
    const secret = reference('SECRET')
    const said = mistakes({
      role: 'acceptor',
      beginString: secret,
      senderCompId: { a: secret },
      port: secret,
      heartBtInt: secret,
      defaultApplVerId: secret,
      dictionary: 'FIX.9',
      journal: { path: secret, synchronous: secret },
      hosts: [{ host: secret, port: secret }],
      onListenerError: `${secret}${secret}`
    })
    expect(said.length).toBeGreaterThan(6)
    expect(said.join('\n')).not.toContain('hunter2')
    expect(said).toContain(`heartBtInt: expected a whole number from 0 to 86400, got "${secret}".`)
  })

  it('never shows a value in what lies between two sessions', () => {
    const one = { ...acceptor, targetCompId: reference('SECRET') }
    const sessions = [one, one, { ...one, sessionQualifier: 'B' }]
    const said = problemsOf(() => parseEngineConfig({ sessions }, { env }))
    expect(said).toEqual([
      expect.stringContaining(`the id of sessions[0], FIX.4.4:BROKER->${reference('SECRET')}`),
      expect.stringContaining('the one of sessions[0] on 127.0.0.1:9878')
    ])
    expect(said.join('\n')).not.toContain('hunter2')
  })
})

it('is the environment of the process by default', () => {
  const name = 'GAPFILL_SPEC_SUB_ID'
  process.env[name] = 'FROM_PROCESS'
  try {
    expect(parseConfig({ ...initiator, senderSubId: reference(name) }).senderSubId).toBe('FROM_PROCESS')
  } finally {
    delete process.env[name]
  }
})
