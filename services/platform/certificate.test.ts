import { afterAll, describe, expect, test } from 'bun:test'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepCertificate } from './certificate.ts'
import type { Identity } from './listener/sockets.ts'
import { createLogger } from './logger.ts'
import { HAS_OPENSSL, makeAuthority } from './testing/certificates.ts'
import { newFolder, TestClock } from './testing.ts'

const DAY_MS = 24 * 3_600_000
const MINUTE_MS = 60_000

describe.skipIf(!HAS_OPENSSL)('a certificate in files', () => {
  const folder = newFolder('certificate')
  const authority = HAS_OPENSSL ? makeAuthority() : null
  afterAll(() => {
    authority?.remove()
    rmSync(folder, { recursive: true })
  })
  const issue = (name: string, days = 30) => authority?.issue({ name, days }) ?? { cert: '', key: '' }
  const [first, second] = [issue('first'), issue('second', 60)]
  const nowMs = Date.now()
  const files = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') }
  const write = ({ cert, key }: Identity) => {
    writeFileSync(files.certFile, cert)
    writeFileSync(files.keyFile, key)
  }

  async function keep(identity: Identity, wallMs = nowMs) {
    write(identity)
    const clock = new TestClock(wallMs)
    const lines: { level: string; event: string; fault?: string; expires_at?: string }[] = []
    const logger = createLogger('test', 'debug', (line) => lines.push(JSON.parse(line)))
    const keeper = keepCertificate(files, { clock, logger })
    keeper.start()
    const lookAgain = () => clock.advance(MINUTE_MS)
    return { clock, keeper, lines, lookAgain }
  }
  const refusal = (identity: Identity, wallMs?: number) =>
    keep(identity, wallMs).then(
      () => 'it is taken',
      (error: Error) => `${error.name}: ${error.message}`,
    )

  test('is served, and its end is known', async () => {
    const { keeper } = await keep(first)
    expect(keeper.identity()).toMatchObject(first)
    const { expiresAtMs, ...state } = keeper.state()
    expect(expiresAtMs - nowMs).toBeWithin(29 * DAY_MS, 31 * DAY_MS)
    expect(state).toEqual({ endsSoon: false, fault: null })
  })

  test('and those that vouch for it go along', async () => {
    const chain = { cert: first.cert + (authority?.ca ?? ''), key: first.key }
    expect((await keep(chain)).keeper.identity().cert).toBe(chain.cert)
  })

  test.each([
    ['is missing', () => ({ certFile: join(folder, 'none'), keyFile: files.keyFile }), 'TLS_CERT_FILE', 'ENOENT'],
    ['of its key is a folder', () => ({ certFile: files.certFile, keyFile: folder }), 'TLS_KEY_FILE', 'EISDIR'],
  ])('whose file %s is refused', (_what, wrong, variable, code) => {
    write(first)
    const deps = { clock: new TestClock(nowMs), logger: createLogger('test', 'error') }
    expect(() => keepCertificate(wrong(), deps)).toThrow(
      `The file of ${variable} cannot be read (${code}): set ${variable} to a file in PEM form that this user may read.`,
    )
  })

  test('that does not fit is refused by a line that names the variable and shows nothing of the key', async () => {
    expect(await refusal({ cert: 'junk', key: first.key })).toContain('TLS_CERT_FILE holds no certificate in PEM form')
    expect(await refusal({ cert: first.cert, key: 'junk' })).toContain('TLS_KEY_FILE holds no private key in PEM form')
    expect(await refusal({ cert: first.cert.slice(0, 300), key: first.key })).toContain('TLS_CERT_FILE holds no')
    expect(await refusal({ cert: first.cert, key: first.cert })).toContain('TLS_KEY_FILE holds no private key')
    const cutChain = first.cert + authority?.ca.slice(0, 200)
    expect(await refusal({ cert: cutChain, key: first.key })).toContain(
      'holds a certificate that is damaged or too weak',
    )
    const mismatch = await refusal({ cert: first.cert, key: second.key })
    expect(mismatch).toStartWith('BadCertificate: The file of TLS_KEY_FILE holds the key of another certificate')
    const late = await refusal(first, nowMs + 31 * DAY_MS)
    expect(late).toMatch(/TLS_CERT_FILE holds a certificate that expired at 20\d\d-.*Z: renew it/)
  })

  test('that is renewed is served within a minute, and one line says so', async () => {
    const { keeper, lines, lookAgain } = await keep(first)
    await lookAgain()
    expect(lines).toEqual([])
    write(second)
    await lookAgain()
    expect(keeper.identity()).toMatchObject(second)
    await lookAgain()
    expect(lines).toMatchObject([{ level: 'info', event: 'certificate_renewed' }])
  })

  test('whose renewal is broken is served on, with one warning, until a renewal is sound', async () => {
    const { keeper, lines, lookAgain } = await keep(first)
    writeFileSync(files.certFile, second.cert)
    for (let times = 0; times < 3; times += 1) await lookAgain()
    expect(keeper.identity()).toMatchObject(first)
    expect(keeper.state().fault).toStartWith('The file of TLS_KEY_FILE holds the key of another certificate')
    expect(lines).toMatchObject([{ level: 'warn', event: 'certificate_not_renewed', fault: keeper.state().fault }])
    rmSync(files.keyFile)
    await lookAgain()
    expect(lines).toHaveLength(2)
    write(second)
    await lookAgain()
    expect(keeper.identity()).toMatchObject(second)
    expect(keeper.state().fault).toBeNull()
  })

  test('ends soon from 14 days before its end, and is served on behind it', async () => {
    const { clock, keeper, lookAgain } = await keep(first)
    clock.setWallBy(15 * DAY_MS)
    expect(keeper.state().endsSoon).toBe(false)
    clock.setWallBy(2 * DAY_MS)
    expect(keeper.state().endsSoon).toBe(true)
    clock.setWallBy(20 * DAY_MS)
    await lookAgain()
    expect(keeper.identity()).toMatchObject(first)
    expect(keeper.state().fault).toContain('expired')
  })

  test('is not looked at after a stop', async () => {
    const { keeper, lookAgain } = await keep(first)
    keeper.stop()
    write(second)
    await lookAgain()
    expect(keeper.identity()).toMatchObject(first)
  })
})
