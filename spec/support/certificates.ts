import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a certificate of a spec says. */
export interface Wanted {
  readonly commonName: string
  readonly dnsNames?: readonly string[]
  /** IPv4. */
  readonly addresses?: readonly string[]
  /** Default: a day ago and a day ahead. */
  readonly notBefore?: Date
  readonly notAfter?: Date
}

const DAY = 86_400_000

/** A folder of certificates that a CA of its own has signed, made of nothing but Node: X.509 v3 (RFC 5280), P-256. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'gapfill-tls-'))
  private serial = 1

  /** A CA; `issue` signs with it. */
  ca(name: string): Ca {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const bytes = certificate({ commonName: name }, name, publicKey, privateKey, this.serial++, true)
    const file = this.write(`${name}.ca.pem`, pemOf('CERTIFICATE', bytes))
    return { name, file, key: privateKey }
  }

  issue(ca: Ca, name: string, wanted: Wanted): Issued {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const bytes = certificate(wanted, ca.name, publicKey, ca.key, this.serial++, false)
    return {
      certificate: this.write(`${name}.pem`, pemOf('CERTIFICATE', bytes)),
      key: this.write(`${name}.key`, privateKey.export({ type: 'pkcs8', format: 'pem' })),
      encryptedKey: this.write(
        `${name}.encrypted.key`,
        privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
      ),
      fingerprint256: createHash('sha256').update(bytes).digest('hex'),
      serialNumber: new X509Certificate(bytes).serialNumber
    }
  }

  /** A revocation list of a CA (RFC 5280, 5); by default valid until tomorrow. */
  crl(ca: Ca, name: string, revoked: readonly Issued[], nextUpdate = new Date(Date.now() + DAY)): string {
    const thisUpdate = time(new Date(Date.now() - 2 * DAY))
    const entries = revoked.map(({ serialNumber }) =>
      der(0x30, der(0x02, Buffer.from(serialNumber, 'hex')), thisUpdate)
    )
    const algorithm = der(0x30, oid(...ecdsaWithSha256))
    const body = der(
      0x30,
      der(0x02, Buffer.from([1])),
      algorithm,
      distinguishedName(ca.name),
      thisUpdate,
      time(nextUpdate),
      ...(entries.length === 0 ? [] : [der(0x30, ...entries)])
    )
    const list = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), sign('sha256', body, ca.key)))
    return this.write(name, pemOf('X509 CRL', list))
  }

  write(name: string, text: string | Buffer): string {
    const file = join(this.folder, name)
    writeFileSync(file, text)
    return file
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export interface Ca {
  readonly name: string
  readonly file: string
  readonly key: KeyObject
}

export interface Issued {
  readonly certificate: string
  readonly key: string
  /** Its passphrase is "open sesame". */
  readonly encryptedKey: string
  readonly fingerprint256: string
  readonly serialNumber: string
}

function certificate(
  wanted: Wanted,
  issuer: string,
  publicKey: KeyObject,
  signer: KeyObject,
  serial: number,
  isCa: boolean
): Buffer {
  const now = Date.now()
  const { commonName, notBefore = new Date(now - DAY), notAfter = new Date(now + DAY) } = wanted
  const algorithm = der(0x30, oid(...ecdsaWithSha256))
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([serial])),
    algorithm,
    distinguishedName(issuer),
    der(0x30, time(notBefore), time(notAfter)),
    distinguishedName(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, ...extensions(wanted, isCa)))
  )
  const signature = sign('sha256', body, signer)
  return der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature))
}

function extensions({ dnsNames = [], addresses = [] }: Wanted, isCa: boolean): Buffer[] {
  const constraints = der(0x30, ...(isCa ? [der(0x01, Buffer.from([0xff]))] : []))
  const names = [
    ...dnsNames.map((name) => der(0x82, Buffer.from(name))),
    ...addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number))))
  ]
  const basic = der(0x30, oid(0x55, 0x1d, 0x13), der(0x01, Buffer.from([0xff])), der(0x04, constraints))
  return names.length === 0 ? [basic] : [basic, der(0x30, oid(0x55, 0x1d, 0x11), der(0x04, der(0x30, ...names)))]
}

function distinguishedName(commonName: string): Buffer {
  return der(0x30, der(0x31, der(0x30, oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(commonName)))))
}

const ecdsaWithSha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
const time = (date: Date) => der(0x18, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`))
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes))

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function pemOf(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
