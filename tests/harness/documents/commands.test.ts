import { Database } from 'bun:sqlite'
import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { parseRequest } from '../stack/args.ts'
import { commandsOf, wordsOf, wrongWithMake } from './commands.ts'
import { documents, isCheckout, root } from './documents.ts'
import { steps } from './run_examples.ts'

const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')
/** The settings that a shell may give to the stack. */
const SETTINGS = [...read('.env.test').matchAll(/^#([A-Z][A-Z_0-9]*)=/gm)].map(({ 1: name = '' }) => name)

const OF_TLS = { file: 'tests/process/tls.long.test.ts', by: "commandsUnder('## TLS')" }

const OF_TOKENS = { file: 'tests/process/two_tills.test.ts', by: "commandsUnder('## A shop with two tills')" }
const MAKE_TOKEN = 'tests/harness/bun services/kkt_adapter/src/make_token.ts'
const curlAs = (till: string, path: string, more: string) =>
  `curl -sS --cacert ca.crt https://localhost:8000/v1/kkt/${path} -H @<(sed -n '$s/^/Authorization: Bearer /p' ${till}.token)${more}`

/** Commands other than make's, each with the file that runs it and the words that do so. */
const RUN_BY: Readonly<Record<string, { file: string; by: string }>> = {
  'tests/harness/bun install': { file: 'tests/harness/stack/packages.ts', by: "'install', '--frozen-lockfile'" },
  'OFD_MODE=mock tests/harness/bun services/kkt_adapter/src/main.ts': {
    file: 'tests/process/adapter_process.ts',
    by: "OFD_MODE: 'mock'",
  },
  'tests/harness/bun services/mock_kkt/main.ts': {
    file: 'tests/process/mock_kkt_readme.long.test.ts',
    by: '../../services/mock_kkt/main.ts',
  },
  'tests/harness/bun tests/harness/documents/made.ts': {
    file: 'tests/harness/documents/made.test.ts',
    by: 'writeMade(folder)',
  },
  'tests/harness/bun services/pages/build.ts': {
    file: 'tests/harness/stack/packages.ts',
    by: "'services/pages/build.ts'",
  },
  'tests/harness/bun test ./lost.test.ts': {
    file: 'tests/integration/readme_programs.long.test.ts',
    by: "'tests/harness/bun test ./lost.test.ts'",
  },
  'python3 -m unittest outage.py': {
    file: 'tests/integration/readme_programs.long.test.ts',
    by: "'python3 -m unittest outage.py'",
  },
  'docker compose --profile pair up -d --wait': { file: 'tests/compose/pair.test.ts', by: "'--profile', 'pair'" },
  'docker compose --profile observe up -d --wait': {
    file: 'tests/harness/stack/compose.ts',
    by: "['--profile', OBSERVE_PROFILE]",
  },
  'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=Authority -keyout ca.key -out ca.crt':
    OF_TLS,
  'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE -CA ca.crt -CAkey ca.key -keyout tls.key -out tls.crt':
    OF_TLS,
  'TLS_CERT_FILE=tls.crt TLS_KEY_FILE=tls.key OFD_MODE=mock tests/harness/bun services/kkt_adapter/src/main.ts': OF_TLS,
  'curl -sS --cacert ca.crt https://localhost:8000/v1/health': OF_TLS,
  [`${MAKE_TOKEN} till-1 till POS-001 >> tokens 2> till-1.token`]: OF_TOKENS,
  [`${MAKE_TOKEN} till-2 till POS-002 >> tokens 2> till-2.token`]: OF_TOKENS,
  [`${MAKE_TOKEN} office operator >> tokens 2> office.token`]: OF_TOKENS,
  'API_TOKENS_FILE=tokens TLS_CERT_FILE=tls.crt TLS_KEY_FILE=tls.key HOST=0.0.0.0 OFD_MODE=mock tests/harness/bun services/kkt_adapter/src/main.ts':
    OF_TOKENS,
  [curlAs('till-1', 'receipt', ' -H "Idempotency-Key: 1" -d @tests/fixtures/sample_receipt.json')]: OF_TOKENS,
  [`sed s/POS-001/POS-002/ tests/fixtures/sample_receipt.json | ${curlAs('till-2', 'receipt', ' -H "Idempotency-Key: 1" -d @-')}`]:
    OF_TOKENS,
  [curlAs('till-2', 'receipts', '')]: OF_TOKENS,
  'docker compose exec kkt_adapter bun make_token.js till-1 till POS-001': {
    file: 'services/Dockerfile',
    by: '/src/make_token.ts',
  },
  'export KKT_PASSWORD="$(cat /etc/kkt/register-password)"': { file: 'services/compose.yml', by: 'KKT_PASSWORD: ' },
  'docker compose run --rm --no-deps kkt_adapter bun kkt_probe.js': {
    file: 'services/Dockerfile',
    by: '/src/kkt_probe.ts',
  },
  'KKT_MODE=atol KKT_URL=http://mock_kkt:16732 docker compose --profile kkt up -d --wait': {
    file: 'tests/harness/stack/own_register.ts',
    by: "'http://mock_kkt:16732'",
  },
  'docker compose ps': { file: 'tests/harness/stack/compose.ts', by: "kept('ps'" },
  'docker compose exec kkt_adapter bash': { file: 'tests/harness/stack/compose.ts', by: "'exec', '-T', 'kkt_adapter'" },
  'docker compose exec test_runner bun test tests/integration': {
    file: 'tests/harness/stack/compose.ts',
    by: "'test_runner', ...command",
  },
  'docker compose exec test_runner bun test tests/integration/ofd_sync.test.ts -t "happy path online sale"': {
    file: 'tests/integration/ofd_sync.test.ts',
    by: "test('happy path online sale'",
  },
  'tests/harness/deno task': { file: 'tests/harness/deno.test.ts', by: "[deno, 'task', task]" },
  'OFD_MODE=mock tests/harness/deno task kkt_adapter': {
    file: 'package.json',
    by: '"kkt_adapter": "services/start_on_deno services/kkt_adapter/src/main.ts"',
  },
}

const commands = documents.flatMap((document) =>
  commandsOf(document).map((command) => [command, document.path] as const),
)
const isMake = (command: string) => /^(?:[A-Z_0-9]+=\S+ )*make(?: |$)/.test(command)

test('there are commands to look at', () => expect(commands.length).toBeGreaterThan(40))

test.each(commands.filter(([command]) => isMake(command)))('make takes %s of %s', (command) => {
  expect(wrongWithMake(command, SETTINGS)).toBeUndefined()
})

test.each(commands.filter(([command]) => !isMake(command)))('%s of %s is run by something', (command) => {
  const [, paths] = /^tests\/harness\/bun test ((?:services|tests)\/\S.*)$/.exec(command) ?? []
  const [, flags] = /^tests\/harness\/stack\/main (.*)$/.exec(command) ?? []
  if (paths !== undefined) expect(paths.split(' ').filter((path) => !existsSync(`${root}/${path}`))).toEqual([])
  else if (flags !== undefined) expect(parseRequest(wordsOf(flags), {})).toHaveProperty('command')
  else {
    const { file, by } = RUN_BY[command] ?? { file: 'nothing', by: '' }
    expect(file, `no test is known to run ${command}`).not.toBe('nothing')
    expect(read(file)).toContain(by)
  }
})

test('no command begins with a program that a fresh machine lacks', () => {
  const all = [
    ...commands.map(([command]) => command),
    ...commandsOf({ path: 'a.md', text: 'Run `bun test a.test.ts`.' }),
  ]
  expect(all.filter((command) => /^(?:[A-Z_0-9]+=\S+ )*(?:bun|bunx|deno|npx) /.test(command))).toEqual([
    'bun test a.test.ts',
  ])
})

test('each command that is known here is in a document', () => {
  const written = commands.map(([command]) => command)
  expect(Object.keys(RUN_BY).filter((command) => !written.includes(command))).toEqual([])
})

test.each(commands.filter(([command]) => command.startsWith('make sql Q=')))('SQLite takes %s of %s', (command) => {
  const database = new Database(':memory:')
  for (const step of ['schema', 'schema_102']) database.exec(read(`services/kkt_adapter/src/journal/${step}.sql`))
  const [query = ''] = wordsOf(command).flatMap((word) => (word.startsWith('Q=') ? [word.slice(2)] : []))
  expect(database.prepare(query).all()).toBeArray()
  database.close()
})

test.skipIf(!isCheckout)('each target of make is in a document', () => {
  const targets = [...read('Makefile').matchAll(/^([\w-]+):.*##/gm)].map(({ 1: name = '' }) => name)
  expect(targets.length).toBeGreaterThan(10)
  const written = commands.map(([command]) => command)
  expect(
    targets.filter((target) => target !== 'help' && !written.some((line) => line.includes(`make ${target}`))),
  ).toEqual([])
})

describe('a command that make does not take is found', () => {
  test.each([
    ['make nothing', 'make has no target nothing'],
    ['make up down', 'make has no target up down'],
    ['make check ONLY=a', 'check takes no ONLY'],
    ['NOT_A_SETTING=1 make up', 'up takes no NOT_A_SETTING'],
    ['BUFFER_MAX_SIZE=50 make up', undefined],
    ['make', undefined],
  ])('%s', (command, wrong) => expect(wrongWithMake(command, SETTINGS)).toBe(wrong))

  test.each([
    ['make test SEED=x', 'SEED is "x"'],
    ['make up MODE=cloud', 'MODE is "cloud"'],
    ['make test FILTER=no_such_file_is_there', 'no test file has that in its path'],
  ])('%s', (command, says) => expect(() => wrongWithMake(command, SETTINGS)).toThrow(says))
})

test('a step has commands and the lines that they print', () => {
  expect(steps('a\nb\n# c\n# d\ne\n')).toEqual([
    { code: 'a\nb', prints: ['c', 'd'] },
    { code: 'e', prints: [] },
  ])
})
