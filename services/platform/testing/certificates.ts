/** Certificates for tests, made by openssl. No key is kept beyond the process. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Identity } from '../listener/sockets.ts'

/** False where openssl is missing. The tests with certificates are skipped there. */
export const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0

const OF_THIS_MACHINE = 'subjectAltName=DNS:localhost,IP:127.0.0.1'

/** Makes an authority, and certificates of this machine that it vouches for. */
export function makeAuthority() {
  // Deno may read nothing below /dev.
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
  const at = (name: string) => join(folder, name)
  const read = (name: string) => readFileSync(at(name), 'utf8')
  function make(name: string, options: string[]): void {
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.crt`)]
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    execFileSync('openssl', ['req', '-x509', ...newKey, ...files, ...options], { stdio: 'pipe' })
  }
  make('authority', ['-days', '30', '-subj', '/CN=Authority of the tests'])
  return {
    ca: read('authority.crt'),
    caFile: at('authority.crt'),
    /** @param names the machine's names in the certificate, as openssl writes them */
    issue({ name, days = 30, names = OF_THIS_MACHINE }: { name: string; days?: number; names?: string }): Identity {
      const issuer = ['-CA', at('authority.crt'), '-CAkey', at('authority.key')]
      const extensions = ['-addext', names, '-addext', 'basicConstraints=critical,CA:FALSE']
      make(name, ['-days', String(days), '-subj', `/CN=${name}`, ...issuer, ...extensions])
      return { cert: read(`${name}.crt`), key: read(`${name}.key`) }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
