/** `kkt-probe` as a person runs it, against the mock of ATOL's service on a port. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { spawnService } from '@kkt/platform/testing.ts'
import { documentAt, fences } from '../harness/documents/documents.ts'
import { TEST_MS } from '../harness/patience.ts'
import { ACCOUNT, startRegister, stopServices } from './register_service.ts'

setDefaultTimeout(TEST_MS)

const PROBE = fileURLToPath(new URL('../../services/kkt_adapter/src/kkt_probe.ts', import.meta.url))
const MAKE = fileURLToPath(new URL('../harness/stack/main', import.meta.url))

const folder = mkdtempSync(`${tmpdir()}/probe-`)
afterAll(async () => {
  await stopServices()
  rmSync(folder, { recursive: true })
})

const addressOf = async (options: { startsActive?: boolean } = {}) => (await startRegister(options)).url

/** The column of the things that are looked at. */
const aboutIn = (line: string) => line.slice('wrong  '.length, 'wrong  '.length + 14).trimEnd()

const probed = (settings: Record<string, string>) =>
  toItsEnd(spawnService(PROBE, { KKT_LOGIN: ACCOUNT.login, KKT_PASSWORD: ACCOUNT.password, ...settings }))

/** As `make kkt-probe` runs it, in a shell that sets these. */
function madeBy(settings: Record<string, string>) {
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, ...settings }
  return toItsEnd(spawn(MAKE, ['kkt-probe'], { env, stdio: ['ignore', 'pipe', 'pipe'] }))
}

async function toItsEnd(child: ReturnType<typeof spawnService>) {
  const ended = once(child, 'exit')
  const [said, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, errors, lines: said.trimEnd().split('\n') }
}

test('a register that fits is shown line by line', async () => {
  const url = await addressOf()
  const { code, errors, lines } = await probed({ KKT_URL: url, TAXATION_SYSTEM: 'osn', CASHIER_NAME: 'Иванова А. А.' })
  expect({ code, errors, wrong: lines.filter((line) => line.startsWith('wrong')) }).toEqual({
    code: 0,
    errors: '',
    wrong: [],
  })
  expect(lines[0]).toBe(`The cash register at ${new URL(url).host}`)
  expect(lines).toContainEqual(expect.stringMatching(/^ok {5}FN {13}\d{16}, its last document is FD \d+/))
  expect(lines).toContainEqual(expect.stringMatching(/^ok {5}ready {10}it fiscalises$/))
  const [example] = fences(documentAt('services/kkt_adapter/src/kkt/README.md')).filter(
    (one) => one.language === 'text',
  )
  expect(lines.slice(1).map(aboutIn)).toEqual((example?.text ?? '').trimEnd().split('\n').slice(1).map(aboutIn))
})

test('make kkt-probe takes the account that the user gives, and none of the test stack', async () => {
  const secret = `${folder}/register-password`
  writeFileSync(secret, ACCOUNT.password, { mode: 0o600 })
  const { code, errors, lines } = await madeBy({
    KKT_URL: await addressOf(),
    KKT_LOGIN: ACCOUNT.login,
    KKT_PASSWORD_FILE: secret,
  })
  expect({ code, errors }).toEqual({ code: 1, errors: '' })
  expect(lines).toContainEqual(expect.stringMatching(/^ok {5}ready/))
  // The stack has a cashier.
  expect(lines.filter((line) => line.startsWith('wrong'))).toEqual([expect.stringContaining('set CASHIER_NAME')])
})

test('what does not fit is told with the remedy, and the exit code is 1', async () => {
  const { code, lines } = await probed({ KKT_URL: await addressOf(), KKT_TIMEZONE: 'Asia/Yekaterinburg' })
  expect(code).toBe(1)
  expect(lines.filter((line) => line.startsWith('wrong'))).toEqual([
    expect.stringContaining('set CASHIER_NAME'),
    expect.stringContaining('set KKT_TIMEZONE'),
  ])
})

test('a cashier whom TILLS_FILE names for all tills counts', async () => {
  const TILLS_FILE = `${folder}/tills.json`
  writeFileSync(TILLS_FILE, JSON.stringify({ '*': { cashier: { name: 'Иванова А. А.' } } }))
  const { code } = await probed({ KKT_URL: await addressOf(), TILLS_FILE })
  expect(code).toBe(0)
})

test.each<[string, () => Promise<Record<string, string>>, string]>([
  ['nobody is there', async () => ({ KKT_URL: 'http://127.0.0.1:9' }), 'see that it runs at KKT_URL'],
  [
    'the password is wrong',
    async () => ({ KKT_URL: await addressOf(), KKT_PASSWORD: 'Zq7-wrong' }),
    'see KKT_LOGIN and KKT_PASSWORD',
  ],
  ['no register is active', async () => ({ KKT_URL: await addressOf({ startsActive: false }) }), 'activate it there'],
])('where %s, a line says what to do, and the exit code is 1', async (_what, settings, said) => {
  const { code, errors, lines } = await probed(await settings())
  expect([code, errors]).toEqual([1, ''])
  expect(lines.at(-1)).toStartWith('wrong')
  expect(lines.at(-1)).toContain(said)
  expect(String(lines)).not.toContain('Zq7')
})

test('settings that contradict each other are told as at a start', async () => {
  const { code, errors } = await probed({ KKT_URL: 'http://kkt:Zq7@127.0.0.1' })
  expect(code).toBe(2)
  expect(errors).toBe(
    'KKT_URL is wrong (not shown, it may hold a password): it takes a URL without an account, which KKT_LOGIN and KKT_PASSWORD name\n',
  )
})
