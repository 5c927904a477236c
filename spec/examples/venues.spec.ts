import { generateKeyPairSync, verify } from 'node:crypto'
import { expect, it } from 'vitest'
import { FixMessage, type SessionParts } from '../../lib/index.js'
import { order, TwoSessions } from '../support/two-sessions.js'
import { binance } from './venues/binance.js'
import { coinbase } from './venues/coinbase.js'
import { deribit } from './venues/deribit.js'
import { kraken } from './venues/kraken.js'
import { rsa } from './venues/rsa.js'

/*
 * Logon signatures of venues, as `signLogon`, in sessions without a resend. Binance publishes a test vector; those of the others were worked out apart from this
 * code (Python's hmac and hashlib) from the formulas that they publish.
 */

const secret = 'Z2FwZmlsbCB0ZXN0IHNlY3JldCAwMTIzNDU2Nzg5YWJjZGVm'

/** The Logon that an acceptor receives when the initiator signs like this. */
async function signedLogon(
  ids: { senderCompId: string; targetCompId: string },
  signLogon: NonNullable<SessionParts['signLogon']>,
  start = '2026-01-05T09:00:00Z'
): Promise<FixMessage> {
  const two = new TwoSessions(start)
  const venue = two.acceptor({ senderCompId: ids.targetCompId, targetCompId: ids.senderCompId })
  const logons: FixMessage[] = []
  venue.on('logon', (logon) => logons.push(logon))
  const desk = two.initiator({ ...ids, recovery: 'none' }, { signLogon })
  void venue.connect()
  void desk.connect()
  await two.settle()
  expect(desk.state).toBe('Active')
  const [logon] = logons
  if (logon === undefined) throw new Error('no Logon came')
  return logon
}

it('Binance: Ed25519, the published vector', async () => {
  const ids = { senderCompId: 'EXAMPLE', targetCompId: 'SPOT' }
  const privateKey = [
    '-----BEGIN PRIVATE KEY-----',
    'MC4CAQAwBQYDK2VwBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u',
    '-----END PRIVATE KEY-----'
  ].join('\n')
  const sign = binance({ apiKey: 'API-KEY', privateKey, ...ids })
  const logon = await signedLogon(ids, sign, '2024-06-27T11:17:25.223Z')
  expect(logon.get(52)).toBe('20240627-11:17:25.223')
  expect(logon.get(553)).toBe('API-KEY')
  expect(logon.get(95)).toBe('88')
  expect(logon.get(96)).toBe('4MHXelVVcpkdwuLbl6n73HQUXUf1dse2PCgT1DYqW9w8AVZ1RACFGM+5UdlGPrQHrgtS3CvsRURC1oj73j8gCA==')
})

it('Coinbase Exchange: HMAC-SHA256 over joined fields', async () => {
  const ids = { senderCompId: 'API-KEY', targetCompId: 'Coinbase' }
  const logon = await signedLogon(ids, coinbase({ secret, passphrase: 'passphrase', ...ids }))
  expect([logon.get(553), logon.get(554)]).toEqual(['API-KEY', 'passphrase'])
  expect(logon.get(96)).toBe('wf0fZ3eaeFcsleT/Hv5sjcmnyWb0JQdvR87Ntd9kk8Q=')
})

it('Kraken: HMAC-SHA512 over a digest with a nonce', async () => {
  const ids = { senderCompId: 'MYCOMPID', targetCompId: 'KRAKEN-TRD' }
  const logon = await signedLogon(ids, kraken({ apiKey: 'API-KEY', secret, ...ids, now: () => 1_767_603_600_000 }))
  expect(logon.get(553)).toBe('API-KEY')
  expect(logon.get(5025)).toBe('1767603600000')
  expect(logon.get(554)).toBe(
    'M2RNfDmW/v6s8FdupAOzO6eZN0zAGMl30VYtpC/wFkv147RzS0tZLujta/PEYW6kb0EKXgcjySMrI/TyPPSOmg=='
  )
})

it('Deribit: SHA-256 over time, nonce and secret', async () => {
  const ids = { senderCompId: 'DESK', targetCompId: 'DERIBITSERVER' }
  const nonce = (): Buffer => Buffer.from(Array.from({ length: 32 }, (_, index) => index))
  const sign = deribit({ clientId: 'CLIENT', clientSecret: 'client secret', now: () => 1_767_603_600_000, nonce })
  const logon = await signedLogon(ids, sign)
  expect(logon.get(96)).toBe('1767603600000.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=')
  expect(logon.get(553)).toBe('CLIENT')
  expect(logon.get(554)).toBe('KvnKZSCq8jtBmx5dkkMng0sgg9m/3PAEdeoYp7Ge/RQ=')
})

it('RSA over chosen fields, by a promise', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const ids = { senderCompId: 'DESK', targetCompId: 'VENUE' }
  const sign = rsa({ privateKey: pem, username: 'me', ...ids })
  const logon = await signedLogon(ids, async (message, final) => sign(message, final))
  const payload = Buffer.from('20260105-09:00:00.000\u00011\u0001DESK\u0001VENUE\u000130', 'latin1')
  expect(verify('sha256', payload, publicKey, Buffer.from(logon.get(96) ?? '', 'base64'))).toBe(true)
  expect(verify('sha256', payload.subarray(1), publicKey, Buffer.from(logon.get(96) ?? '', 'base64'))).toBe(false)
})

it('a desk at a venue without resend: each connection begins anew, is signed anew, and reconciles open orders', async () => {
  const two = new TwoSessions('2026-01-05T09:00:00Z')
  const ids = { senderCompId: 'API-KEY', targetCompId: 'Coinbase' }
  const venue = two.acceptor({ senderCompId: 'Coinbase', targetCompId: 'API-KEY', recovery: 'none' })
  const desk = two.initiator(
    { ...ids, recovery: 'none' },
    { signLogon: coinbase({ secret, passphrase: 'passphrase', ...ids }) }
  )
  const signatures: unknown[] = []
  venue.on('logon', (logon) => signatures.push(logon.get(141), logon.get(96)))
  // What a desk does: it asks for what is open before it sends anything new.
  const statusRequest = new FixMessage('AF', { 584: 'all', 585: '8' })
  desk.on('reconcile', ({ code }) => desk.send(statusRequest.clone().set(58, code)))
  await two.loggedOn(venue, desk)
  expect(venue.nextNumIn).toBe(3)
  desk.send(order('A'))
  await two.settle()
  two.network.cut()
  await two.pass(2)
  expect(desk.state).toBe('Active')
  expect(venue.seen.messages.map((message) => `${message.msgType} ${message.get(34)}`)).toEqual(['D 3', 'AF 2'])
  expect(signatures).toEqual(['Y', expect.any(String), 'Y', expect.any(String)])
  expect(signatures[1]).not.toBe(signatures[3])
})
