import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Codec, FixMessage } from '../../lib/index.js'
import { withoutSecrets } from '../../lib/session/secrets.js'

const codec = new Codec({ beginString: 'FIX.4.4' })

/** A whole message with these fields, whatever they are. */
function wire(fields: string): Buffer {
  const body = `35=A\u000134=1\u000149=A\u000156=B\u000152=20260102-03:04:05\u0001${fields.replaceAll('|', '\u0001')}`
  const summed = `8=FIX.4.4\u00019=${body.length}\u0001${body}`
  const sum = Buffer.from(summed, 'latin1').reduce((total, byte) => total + byte, 0) % 256
  return Buffer.from(`${summed}10=${String(sum).padStart(3, '0')}\u0001`, 'latin1')
}

function kept(fields: string): FixMessage {
  const message = codec.decode(withoutSecrets(codec, wire(fields)))
  if (message instanceof FixMessage) return message
  throw new Error(message.text)
}

const body = (message: FixMessage) => message.toString().replace(/^.*\|52=[^|]*\||10=\d+\|$/g, '')

describe('a Logon as the journal keeps it', () => {
  it.each([
    ['no secret', '98=0|108=30|', '98=0|108=30|'],
    ['a password', '98=0|553=me|554=swordfish|108=30|', '98=0|553=me|554=***|108=30|'],
    ['an empty password', '554=|108=30|', '554=***|108=30|'],
    ['a password said twice', '554=one|108=30|554=two|', '554=***|108=30|554=***|'],
    ['data with SOH in it', '95=10|96=sword|fish|108=30|', '95=3|96=***|108=30|'],
    ['data said twice', '95=2|96=ab|108=30|95=5|96=cd|ef|', '95=3|96=***|108=30|95=3|96=***|'],
    ['a signature at the end', '108=30|93=4|89=sign|', '108=30|93=3|89=***|'],
    ['encrypted passwords', '1401=5|1402=a|b|c|1403=3|1404=xyz|', '1401=3|1402=***|1403=3|1404=***|']
  ])('%s', (_, fields, expected) => {
    expect(body(kept(fields))).toBe(expected)
  })

  it('does not tell how long a secret was, and can be read', () => {
    const secret = fc.stringMatching(/^[ -{}~]{0,40}$/)
    fc.assert(
      fc.property(secret, secret, fc.string({ unit: 'binary-ascii', maxLength: 30 }), (one, other, data) => {
        const logon = (password: string, raw: string) =>
          kept(`98=0|95=${raw.length}|96=\u0000|554=${password}|108=30|925=${password}|`.replace('\u0000', () => raw))
        expect(logon(one, data).toString()).toBe(logon(other, 'x').toString())
        expect(logon(one, data).get(108)).toBe('30')
      })
    )
  })

  it('has no secret even where it cannot be read', () => {
    const torn = Buffer.from('8=FIX.4.4\u00019=5\u000135=A\u0001554=swordfish\u000110=000\u0001', 'latin1')
    expect(Buffer.from(withoutSecrets(codec, torn)).toString('latin1')).not.toContain('swordfish')
  })
})
