import { afterAll, beforeAll, expect, test } from 'bun:test'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import manifest from '../../package.json'

const root = resolve(import.meta.dir, '../..')
const CI = '.ci/run'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/scripts-`)
  // CDPATH makes `cd` look here first: a folder with the paths that the scripts enter, and nothing in them.
  for (const path of ['tests/harness/stack', '.ci', 'services'])
    mkdirSync(`${folder}/elsewhere/${path}`, { recursive: true })
  const { packageManager, engines } = manifest
  fake('bun', packageManager.replace('bun@', ''))
  fake('deno', `deno ${engines.deno} (stable)`)
  for (const name of ['docker', 'make']) fake(name, '')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A program that prints its version, or else its working folder and arguments. It fails, so that the script ends with it. */
function fake(name: string, version: string) {
  const script = `#!/bin/sh
if [ "$1" = --version ]; then echo '${version}'; exit; fi
if [ "$1 $2" = 'image inspect' ]; then exit; fi
echo "${name} in $(pwd): $*"
exit 7
`
  mkdirSync(`${folder}/bin`, { recursive: true })
  writeFileSync(`${folder}/bin/${name}`, script, { mode: 0o755 })
}

/** Runs a script from the root in an environment that exports CDPATH. */
function runWithCdpath(script: string, ...args: string[]) {
  const env = { ...process.env, PATH: `${folder}/bin:${process.env['PATH']}`, CDPATH: `${folder}/elsewhere:.` }
  const { stdout, stderr, exitCode } = Bun.spawnSync([script, ...args], { cwd: root, env })
  return { stdout: stdout.toString(), stderr: stderr.toString(), exitCode }
}

test.each([
  ['tests/harness/bun', ['a.ts'], 'bun', 'a.ts'],
  ['tests/harness/deno', ['a.ts'], 'deno', 'a.ts'],
  ['tests/harness/stack/main', ['up'], 'bun', '--env-file=.env tests/harness/stack/main.ts up'],
  ['services/start_on_deno', ['a.ts'], 'deno', 'run --no-prompt --allow-net --allow-env a.ts'],
])('%s works with CDPATH exported', (script, args, program, given) => {
  expect(runWithCdpath(script, ...args)).toEqual({
    stdout: `${program} in ${root}: ${given}\n`,
    stderr: '',
    exitCode: 7,
  })
})

const ofAdapter = (program: string) => `services/kkt_adapter/src/${program}.ts`
/** Each setting of the adapter that names a file. */
const FILES = [
  ...new Set(readFileSync(`${root}/services/kkt_adapter/README.md`, 'utf8').match(/(?<=`)[A-Z][A-Z_]+_FILE(?=`)/g)),
]

test.each([
  [ofAdapter('main'), 'BUFFER_DB_PATH'],
  ...['main', 'kkt_probe'].flatMap((program) => FILES.map((name) => [ofAdapter(program), name] as const)),
])(
  'of what %s may read on Deno is the folder of %s, and a comma in it is refused, because it would allow other folders',
  (program, name) => {
    const env = { ...process.env, PATH: `${folder}/bin:${process.env['PATH']}`, [name]: '/shop/a,b/file' }
    const command = ['services/start_on_deno', program]
    const { stdout, stderr, exitCode } = Bun.spawnSync(command, { cwd: root, env })
    expect([stdout.toString(), stderr.toString(), exitCode]).toEqual([
      '',
      'Deno cannot be allowed "/shop/a,b", because a comma is in it. Take a path without one.\n',
      1,
    ])
  },
)

test.skipIf(!existsSync(`${root}/${CI}`))(`${CI} works with CDPATH exported`, () => {
  expect(runWithCdpath(CI)).toEqual({ stdout: `\n== make check\nmake in ${root}: check\n`, stderr: '', exitCode: 7 })
})

test.each(['bun', 'deno'])('a read-only checkout, which cannot keep %s, is reported in a line', (name) => {
  const checkout = `${folder}/read_only_${name}`
  mkdirSync(`${checkout}/tests/harness`, { recursive: true })
  for (const path of ['package.json', `tests/harness/${name}`]) copyFileSync(`${root}/${path}`, `${checkout}/${path}`)
  // A file in place of the folder stops root too.
  writeFileSync(`${checkout}/.${name}`, '')
  const older = `#!/bin/sh\necho '${name} 0.1'`
  mkdirSync(`${checkout}/bin`)
  writeFileSync(`${checkout}/bin/${name}`, older, { mode: 0o755 })
  const env = { ...process.env, PATH: `${checkout}/bin:${process.env['PATH']}` }
  const { stderr, exitCode } = Bun.spawnSync([`tests/harness/${name}`, 'a.ts'], { cwd: checkout, env })
  expect(stderr.toString()).toMatch(/\w+ [\d.]+ is missing and cannot be kept in .*: install that version, or .*\.\n$/)
  expect(exitCode).toBe(1)
})

test.skipIf(Bun.which('git') === null)('scripts keep the line ends of a shell where Git is set to CRLF', () => {
  const clone = `${folder}/clone`
  const git = (...args: string[]) => {
    const { exitCode, stderr } = Bun.spawnSync(['git', '-c', 'core.autocrlf=true', ...args], { cwd: clone })
    expect(exitCode, stderr.toString()).toBe(0)
  }
  const script = 'tests/harness/stack/main'
  mkdirSync(`${clone}/tests/harness/stack`, { recursive: true })
  for (const path of ['.gitattributes', script]) copyFileSync(`${root}/${path}`, `${clone}/${path}`)
  git('init', '--quiet')
  git('add', '.')
  rmSync(`${clone}/${script}`)
  git('checkout', '--quiet', '--', '.')
  expect(readFileSync(`${clone}/${script}`, 'utf8')).toBe(readFileSync(`${root}/${script}`, 'utf8'))
})
