import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { type Clock, iso } from './clock.ts'
import type { Identity } from './listener/sockets.ts'
import type { Logger } from './logger.ts'
import { fileErrorCode, watchFile } from './watched_file.ts'

/** The paths in TLS_CERT_FILE and TLS_KEY_FILE. */
export type CertificateFiles = { certFile: string; keyFile: string }

/** Two looks fit into a minute: the first may come between the writing of one file and of the other. */
const LOOK_MS = 30_000

/** From here on health asks for a renewal. Programs that renew certificates do so earlier. */
const ENDS_SOON_MS = 14 * 24 * 3_600_000

/** The message is for the operator and names the variable. It shows no path: a key may stand there by mistake. */
export class BadCertificate extends Error {
  override readonly name = 'BadCertificate'
}

export type CertificateState = {
  expiresAtMs: number
  /** Less than 14 days are left. */
  endsSoon: boolean
  /** Why the files that are there now are not served, or null. The earlier certificate is served on. */
  fault: string | null
}

export type CertificateKeeper = {
  /** The certificate to show to a client now. */
  identity(): Identity
  state(): CertificateState
  /** Looks for renewed files twice a minute, until `stop`. */
  start(): void
  stop(): void
}

type Certificate = Identity & { expiresAtMs: number }

/** Serves the certificate in these files, and renewed ones as they come. @throws BadCertificate */
export function keepCertificate(
  files: CertificateFiles,
  { clock, logger }: { clock: Clock; logger: Logger },
): CertificateKeeper {
  const watched = watchFile<Certificate>({
    read: () => readCertificate(files, clock.wallMs()),
    isFault: (error) => error instanceof BadCertificate,
    isSame: (one, other) => one.cert === other.cert,
    onChange: ({ expiresAtMs }) => logger.info('certificate_renewed', { expires_at: iso(expiresAtMs) }),
    onFault: (fault) => logger.warn('certificate_not_renewed', { fault }),
    clock,
    everyMs: LOOK_MS,
  })
  return {
    identity: watched.current,
    state() {
      const { expiresAtMs } = watched.current()
      return {
        expiresAtMs,
        endsSoon: expiresAtMs - clock.wallMs() < ENDS_SOON_MS,
        fault: watched.fault(),
      }
    },
    start: watched.start,
    stop: watched.stop,
  }
}

function readCertificate({ certFile, keyFile }: CertificateFiles, wallMs: number): Certificate {
  const [cert, key] = [readPem('TLS_CERT_FILE', certFile), readPem('TLS_KEY_FILE', keyFile)]
  const leaf = parsed(() => new X509Certificate(cert), 'TLS_CERT_FILE', 'no certificate in PEM form')
  const ownKey = parsed(() => createPrivateKey(key), 'TLS_KEY_FILE', 'no private key in PEM form without a password')
  if (!leaf.checkPrivateKey(ownKey)) {
    throw new BadCertificate(
      'The file of TLS_KEY_FILE holds the key of another certificate than that of TLS_CERT_FILE: name two files that were made together.',
    )
  }
  const expiresAtMs = Date.parse(leaf.validTo)
  if (expiresAtMs <= wallMs) {
    throw new BadCertificate(
      `The file of TLS_CERT_FILE holds a certificate that expired at ${iso(expiresAtMs)}: renew it, or check the clock of this machine.`,
    )
  }
  parsed(() => createSecureContext({ cert, key }), 'TLS_CERT_FILE', 'a certificate that is damaged or too weak')
  return { cert, key, expiresAtMs }
}

/** @param variable the name of the setting that holds the path @throws BadCertificate */
function readPem(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new BadCertificate(
      `The file of ${variable} cannot be read (${fileErrorCode(error)}): set ${variable} to a file in PEM form that this user may read.`,
    )
  }
}

function parsed<T>(parse: () => T, variable: string, instead: string): T {
  try {
    return parse()
  } catch {
    throw new BadCertificate(`The file of ${variable} holds ${instead}: set ${variable} to a PEM file.`)
  }
}
