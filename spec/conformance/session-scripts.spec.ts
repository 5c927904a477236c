import { describe, expect, it } from 'vitest'
import { CoreSubject } from './core-subject.js'
import { Player } from './player.js'
import { parseScript } from './script.js'
import { sessionScripts } from './session-scripts.js'

const played = sessionScripts.filter(({ overTcp }) => !overTcp)

describe.each(played.map((script) => [script.name, script] as const))('%s', (_, script) => {
  const runs = script.roles.flatMap((role) => script.versions.map((version) => [role, version] as const))

  it.each(runs)('as %s, %s', async (role, beginString) => {
    await new Player(script, new CoreSubject(script, role, beginString), role, beginString).play()
  })
})

describe('the player', () => {
  const play = (text: string) => {
    const script = parseScript('script', text)
    return new Player(script, new CoreSubject(script, 'acceptor', 'FIX.4.4'), 'acceptor', 'FIX.4.4').play()
  }

  it.each([
    ['what is sent without a line for it', 'logon\n> 35=1|34=2|112=a\nwait 1', /not expected: < 35=0\|34=2\|112=a/],
    ['what is sent at the end', 'logon\n> 35=1|34=2|112=a', /not expected/],
    [
      'another message',
      'logon\n> 35=1|34=2|112=a\n< 35=0|34=2|112=b',
      /script:3.*expected 35=0\|34=2\|112=b, got 35=0/
    ],
    ['no message', 'logon\n< 35=0|34=2', /got nothing/],
    ['a message to the application', 'logon\n> 35=D|34=2|11=a\nwait 1', /delivered 2/],
    ['a link that is closed', 'logon\n> 35=5|34=2\n< 35=5|34=2', /closed PEER_LOGOUT/],
    ['a link that is not', 'logon\nclosed', /it is open/],
    ['another reason', 'logon\n> 35=5|34=2\n< 35=5|34=2\nclosed LOGGED_OUT', /expected LOGGED_OUT, got PEER_LOGOUT/],
    ['another state', 'logon\nstate InitiateLogout', /expected InitiateLogout, got Active/],
    ['other numbers', 'logon\nnext in=3', /expected 3, got 2/],
    ['an event that was not', 'logon\nevent reject', /expected event reject, got none/]
  ])('does not overlook %s', async (_, text, message) => {
    await expect(play(text)).rejects.toThrow(message)
  })

  it('does not overlook a line that makes no sense', () => {
    expect(() => parseScript('script', 'logon\nlogin')).toThrow('script:2: not understood: login')
    expect(() => parseScript('script', '[9.9] logon')).toThrow('script:1')
  })
})
