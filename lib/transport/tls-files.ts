import { readFileSync, statSync } from 'node:fs'
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'
import { FixConnectionError } from '../errors.js'
import { describeError } from './close-reason.js'
import { describeTlsError } from './tls-failure.js'
import type { TlsOptions } from './tls-options.js'

/** What was made of the files as they were at one time. */
export interface TlsMaterial {
  readonly options: SecureContextOptions
  readonly context: SecureContext
}

/**
 * The files of certificates and keys, read again when one of them has changed. Connections that are there already keep
 * what they were made with.
 */
export class TlsFiles {
  readonly #tls: TlsOptions
  readonly #warn: (text: string) => void
  #stamp: string | undefined
  #material: TlsMaterial | undefined
  #fault: FixConnectionError | undefined

  constructor(tls: TlsOptions, warn: (text: string) => void) {
    this.#tls = tls
    this.#warn = warn
  }

  /**
   * For a new connection. Where changed files are no good, those of before are still used, and that is said once.
   *
   * @throws FixConnectionError `TLS_FILES` when there was never anything to use.
   */
  current(): TlsMaterial {
    const stamp = this.#stampOf()
    if (stamp !== this.#stamp) this.#read(stamp)
    if (this.#material !== undefined) return this.#material
    throw this.#fault ?? new FixConnectionError('TLS_FILES', 'TLS has not been set up.')
  }

  #read(stamp: string): void {
    this.#stamp = stamp
    try {
      this.#material = materialOf(this.#tls)
    } catch (error) {
      this.#fault = faultOf(error)
      if (this.#material !== undefined)
        this.#warn(`${this.#fault.message} The certificates that were read before are used until then.`)
    }
  }

  #stampOf(): string {
    const { certificate, key, pfx, ca = [], crl = [] } = this.#tls
    return [certificate, key, pfx, ...ca, ...crl].map(stampOfFile).join(' ')
  }
}

function materialOf(tls: TlsOptions): TlsMaterial {
  const { certificate, key = certificate, pfx, passphrase, ca, crl, minVersion, maxVersion, ciphers } = tls
  const options: SecureContextOptions = {
    minVersion: minVersion ?? 'TLSv1.2',
    ...(maxVersion === undefined ? {} : { maxVersion }),
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(ca === undefined ? {} : { ca: ca.map((path) => pem('ca', path)) }),
    ...(crl === undefined ? {} : { crl: crl.map((path) => pem('crl', path)) }),
    ...(pfx === undefined ? {} : { pfx: read('pfx', pfx) }),
    ...(certificate === undefined ? {} : { cert: pem('certificate', certificate) }),
    ...(key === undefined ? {} : { key: pem('key', key) }),
    ...(passphrase === undefined ? {} : { passphrase })
  }
  return { options, context: createSecureContext(options) }
}

function read(name: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new FixConnectionError(
      'TLS_FILES',
      `tls.${name}: expected a file that can be read, got ${describeError(error)}. Check the path and its permissions.`
    )
  }
}

function pem(name: string, path: string): string {
  const text = read(name, path).toString()
  // Node takes a file without a certificate in it for no CA at all, and would trust its own.
  if (text.includes('-----BEGIN ')) return text
  throw new FixConnectionError(
    'TLS_FILES',
    `tls.${name}: expected a PEM file, got none in ${path}. Convert it: openssl x509, openssl crl, or tls.pfx for PKCS #12.`
  )
}

function faultOf(error: unknown): FixConnectionError {
  if (error instanceof FixConnectionError) return error
  return new FixConnectionError(
    'TLS_FILES',
    `tls: expected a certificate, its key and a list of ciphers that OpenSSL takes, got ${describeTlsError(error)}. ` +
      'Check tls.certificate, tls.key, tls.pfx, tls.passphrase, tls.ca, tls.crl and tls.ciphers.',
    { cause: error }
  )
}

function stampOfFile(path: string | undefined): string {
  if (path === undefined) return '-'
  try {
    const { mtimeMs, ctimeMs, size, ino } = statSync(path)
    return `${mtimeMs}/${ctimeMs}/${size}/${ino}`
  } catch {
    return 'gone'
  }
}
