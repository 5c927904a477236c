import { expect } from 'vitest'
import { accepted, dialled, type Effects, listening, loggedOn, theirLogon } from './world.js'

/** What is said to a counterparty that is silent after a Logon with HeartBtInt(108)=10, second by second. */
async function saidInSilence(config: object, seconds: number): Promise<string[]> {
  const { two, them } = await accepted({ testReqId: 'TEST', ...config }, {}, theirLogon.replace('108=30', '108=10'))
  const said: string[] = []
  for (let second = 1; second <= seconds; second++) {
    await two.pass(1)
    for (const text of them.heard()) said.push(`${second} ${text.slice(0, 4)}`)
    for (const code of them.closed.splice(0)) said.push(`${second} ${code}`)
  }
  return said
}

export const heartbeat: Effects = {
  heartBtInt: async () => {
    const { two, us, them } = await dialled({ heartBtInt: 7 })
    expect(them.heard()).toEqual(['35=A|34=1|98=0|108=7'])
    await them.say(theirLogon.replace('108=30', '108=7'))
    await two.pass(7)
    expect(them.heard()).toEqual(['35=0|34=2'])
    expect(us.heartBtInt).toBe(7)
  },
  logonTimeout: async () => {
    const closedAfter = async (logonTimeout: number) => {
      const { two, them } = await dialled({ logonTimeout, reconnectInterval: 60 })
      await two.pass(5)
      return them.closed
    }
    expect(await closedAfter(4)).toEqual(['PEER_CLOSED'])
    expect(await closedAfter(6)).toEqual([])
    const { two, them } = await listening({ logonTimeout: 4 })
    await them.dial()
    await two.pass(5)
    expect(them.closed).not.toEqual([])
  },
  logoutTimeout: async () => {
    const closedAfter = async (logoutTimeout: number) => {
      const { two, us, them } = await accepted({ logoutTimeout })
      void us.logout()
      await two.pass(5)
      return them.closed
    }
    expect(await closedAfter(4)).toEqual(['PEER_CLOSED'])
    expect(await closedAfter(6)).toEqual([])
  },
  testRequestDelayMultiplier: async () => {
    expect(await saidInSilence({}, 16)).toEqual(['10 35=0', '12 35=1'])
    expect(await saidInSilence({ testRequestDelayMultiplier: 0.5 }, 16)).toEqual(['10 35=0', '15 35=1'])
  },
  heartBeatTimeoutMultiplier: async () => {
    expect((await saidInSilence({}, 30)).at(-1)).toBe('24 PEER_CLOSED')
    expect((await saidInSilence({ heartBeatTimeoutMultiplier: 0.7 }, 30)).at(-1)).toBe('17 PEER_CLOSED')
  },
  disableHeartBeatCheck: async () => {
    expect(await saidInSilence({ disableHeartBeatCheck: true }, 30)).toEqual(['10 35=0', '20 35=0', '30 35=0'])
  },
  sendLogoutBeforeDisconnectFromTimeout: async () => {
    const last = async (config: object) => (await saidInSilence(config, 30)).slice(2)
    expect(await last({})).toEqual(['24 PEER_CLOSED'])
    expect(await last({ sendLogoutBeforeDisconnectFromTimeout: true })).toEqual(['24 35=5', '24 PEER_CLOSED'])
  },
  testReqId: async () => {
    const probe = async (config: object) => {
      const { us, two, them } = await loggedOn(config)
      us.sendTestRequest()
      await two.settle()
      return them.heard()[0]
    }
    expect(await probe({ testReqId: 'HELLO' })).toBe('35=1|34=2|112=HELLO')
    expect(await probe({})).not.toContain('HELLO')
  }
}
