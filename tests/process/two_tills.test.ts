/** A shop with two tills, typed as its document has it: tokens, TLS, and an adapter that listens to the network. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HAS_OPENSSL } from '@kkt/platform/testing/certificates.ts'
import { z } from 'zod'
import { commandsUnder } from '../harness/documents/commands.ts'
import { root } from '../harness/documents/documents.ts'
import { eventually } from '../harness/eventually.ts'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'
import { problem } from '../harness/wire.ts'
import { killAll, startAdapter } from './adapter_process.ts'

setDefaultTimeout(TEST_MS)

const sold = z.object({ status: z.literal('printed'), receipt_id: z.string() })
const list = z.object({ receipts: z.array(z.object({ receipt_id: z.string(), pos_id: z.string() })) })
const events = z.object({ events: z.array(z.object({ to: z.string(), by: z.string().nullable() })) })

const folder = mkdtempSync(join(tmpdir(), 'two-tills-'))
for (const name of ['tests', 'services']) symlinkSync(join(root, name), join(folder, name))
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true })
})

/** Types a command in a checkout. @returns its output */
function type(command: string, port = 8000): string {
  const line = command.replace('tests/harness/bun', process.execPath).replace(':8000', `:${port}`)
  const env = { ...process.env, NO_PROXY: '*', no_proxy: '*' }
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', line], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

/** The settings of a line that starts the adapter. */
const settingsIn = (line: string): Record<string, string> =>
  Object.fromEntries(
    [...line.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [
      name,
      name.endsWith('_FILE') ? join(folder, value) : value,
    ]),
  )

describe.skipIf(!HAS_OPENSSL)('a shop with two tills', () => {
  test('the commands of the document: each till has its own keys and receipts, and the office sees all', async () => {
    const [authority = '', certificate = ''] = commandsUnder('## TLS')
    for (const command of [authority, certificate]) spawnSync('bash', ['-c', command], { cwd: folder })
    const all = commandsUnder('## A shop with two tills').filter((command) => !command.startsWith('docker'))
    const tokens = all.filter((command) => command.includes('make_token.ts'))
    const [start = '', sellAtOne = '', sellAtTwo = '', listOfTwo = '', ...others] = all.slice(tokens.length)
    expect([tokens.length, others]).toEqual([3, []])
    // A word that the shell puts a token into is in the process list.
    expect(all.filter((command) => command.includes('$('))).toEqual([])
    for (const command of tokens) type(command)
    const tokenOf = (name: string) =>
      readFileSync(join(folder, `${name}.token`), 'utf8')
        .trim()
        .split('\n')
        .at(-1) ?? ''
    expect(tokenOf('till-1')).toMatch(/^kkt_[\w-]{43}$/)
    expect(readFileSync(join(folder, 'tokens'), 'utf8')).not.toContain(tokenOf('till-1').slice(4))

    const adapter = startAdapter({ ...settingsIn(start), BUFFER_DB_PATH: join(folder, 'data', 'buffer.db') })
    const port = await adapter.port
    const one = sold.parse(JSON.parse(type(sellAtOne, port)))
    const two = sold.parse(JSON.parse(type(sellAtTwo, port)))
    expect(one.receipt_id).not.toBe(two.receipt_id)
    expect(sold.parse(JSON.parse(type(sellAtOne, port)))).toEqual(one)
    expect(list.parse(JSON.parse(type(listOfTwo, port))).receipts).toEqual([
      { receipt_id: two.receipt_id, pos_id: 'POS-002' },
    ])

    const url = `https://localhost:${port}/v1/kkt`
    const ask = (name: string | null, path: string) =>
      JSON.parse(
        type(
          `curl -sS --cacert ca.crt ${name === null ? '' : `-H "Authorization: Bearer ${tokenOf(name)}"`} ${url}${path}`,
        ),
      )
    expect(problem.parse(ask('till-2', `/receipt/${one.receipt_id}`)).code).toBe('receipt_not_found')
    expect(problem.parse(ask('till-1', '/buffer/events')).code).toBe('not_allowed')
    expect(problem.parse(ask(null, '/receipts')).code).toBe('token_missing')
    const told = events.parse(ask('office', `/buffer/events?receipt_id=${one.receipt_id}`)).events
    expect(told.at(-1)).toEqual({ to: 'accepted', by: 'till-1 127.0.0.1' })
    expect(adapter.lines.filter((line) => line.includes('open_access'))).toEqual([])

    const lines = readFileSync(join(folder, 'tokens'), 'utf8').split('\n')
    writeFileSync(join(folder, 'tokens'), lines.filter((line) => !line.startsWith('till-2')).join('\n'))
    await eventually('the token to be taken out', () => problem.safeParse(ask('till-2', '/receipts')).data?.code, {
      withinMs: PATIENT_MS,
      until: (code) => code === 'token_unknown',
    })
    adapter.child.kill()
    expect([await adapter.ended, await adapter.errors]).toEqual([0, ''])
    const secrets = ['till-1', 'till-2', 'office'].map((name) => tokenOf(name).slice(4))
    expect(adapter.lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([])
  })
})

test('a bad file of tokens refuses the start, names the line, and shows no secret', async () => {
  const path = join(folder, 'bad')
  writeFileSync(path, '# tokens\nkkt_5ecret5ecret5ecret\n')
  const adapter = startAdapter({ API_TOKENS_FILE: path, BUFFER_DB_PATH: join(folder, 'refused', 'buffer.db') })
  expect(await adapter.ended).toBe(1)
  expect(await adapter.errors).toBe(
    'The file of API_TOKENS_FILE, line 2 (not shown): it takes a name of 1 to 64 letters, digits, dots, dashes or underscores, and no token.\n',
  )
})

test('an adapter that listens beyond its machine wants tokens, or OPEN_ACCESS', async () => {
  const refused = startAdapter({ HOST: '0.0.0.0', BUFFER_DB_PATH: join(folder, 'open', 'buffer.db') })
  expect([await refused.ended, await refused.errors]).toEqual([2, expect.stringContaining('API_TOKENS_FILE gives')])
})

test('a token that make_token.ts cannot make is refused with what it takes', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'services/kkt_adapter/src/make_token.ts'), 'till-1', 'till'],
    { encoding: 'utf8' },
  )
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toStartWith('It takes 1 to 32 pos_ids behind the role till')
})
