import { expect } from 'vitest'
import { accepted, dialled, type Effects, ourLogon, theirLogon } from './world.js'

const fixt = { beginString: 'FIXT.1.1', defaultApplVerId: 'FIX.5.0SP2' } as const

export const identity: Effects = {
  beginString: async () => {
    expect(await ourLogon({ beginString: 'FIX.4.2' })).toMatch(/^8=FIX\.4\.2\|/)
    expect(await ourLogon({ beginString: 'FIX.4.4' })).toMatch(/^8=FIX\.4\.4\|/)
  },
  senderCompId: async () => {
    expect(await ourLogon({ senderCompId: 'US' })).toContain('|49=US|')
  },
  targetCompId: async () => {
    expect(await ourLogon({ targetCompId: 'THEM' })).toContain('|56=THEM|')
  },
  senderSubId: async () => {
    expect(await ourLogon({ senderSubId: 'DESK' })).toContain('|49=BUYSIDE|50=DESK|')
  },
  senderLocationId: async () => {
    expect(await ourLogon({ senderLocationId: 'PARIS' })).toContain('|142=PARIS|')
  },
  targetSubId: async () => {
    expect(await ourLogon({ targetSubId: 'FLOW' })).toContain('|56=BROKER|57=FLOW|')
  },
  targetLocationId: async () => {
    expect(await ourLogon({ targetLocationId: 'ROME' })).toContain('|143=ROME|')
  },
  sessionQualifier: async () => {
    const { us, them } = await dialled({ sessionQualifier: 'second' })
    expect(us.id).toBe('FIX.4.4:BUYSIDE->BROKER:second')
    expect(them.heardWhole()[0]).not.toContain('second')
  },
  defaultApplVerId: async () => {
    expect(await ourLogon(fixt)).toContain('|1137=9|')
    expect(await ourLogon({ ...fixt, defaultApplVerId: 'FIX.5.0' })).toContain('|1137=7|')
  },
  logonFields: async () => {
    expect(await ourLogon({ logonFields: { '9002': 'b', '9001': 'a' } })).toContain('|108=30|9001=a|9002=b|10=')
    expect(
      await ourLogon({
        logonFields: [
          [9002, 'b'],
          ['9001', 'a']
        ]
      })
    ).toContain('|108=30|9002=b|9001=a|10=')
  },
  dialect: async () => {
    const silence = async (dialect: 'quickfix' | 'quickfixj') => {
      const { two, them } = await accepted({ dialect, testReqId: 'TEST' }, {}, theirLogon.replace('108=30', '108=20'))
      await two.pass(25)
      return them.heard()
    }
    expect(await silence('quickfix')).toContain('35=1|34=3|112=TEST')
    expect(await silence('quickfixj')).not.toContain('35=1|34=3|112=TEST')
  }
}
