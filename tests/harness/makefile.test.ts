import { describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dir, '../..')
const canMake = Bun.which('make') !== null && existsSync(`${root}/Makefile`)

/** Text that make would read as variables and functions of its own, as a comment and as a continued line. */
const TEXT = "SELECT $x, '$$y', $(z) $(error no) # \\ a:=%b"
const FREE_TEXT = ['Q', 'TEST', 'OFD', 'ODOO', 'REGISTER', 'FILTER', 'ONLY', 'KKT_ID']

/** The output of `program`, which make runs in place of the stack's command, in lines. */
function linesOf(program: string, target: string, variables: string[], env: Record<string, string> = {}) {
  const { stdout, stderr, exitCode } = Bun.spawnSync(['make', target, `STACK=${program}`, ...variables], {
    cwd: root,
    env: { ...process.env, ...env },
  })
  expect(exitCode, stderr.toString()).toBe(0)
  return stdout.toString().split('\n')
}

describe.skipIf(!canMake)('make passes on unchanged', () => {
  test('each free text', () => {
    const all = FREE_TEXT.map((name) => `${name}=${TEXT}`)
    expect(linesOf('env #', 'sql', all)).toEqual(expect.arrayContaining(all))
  })

  test('a variable of the shell', () => {
    expect(linesOf('env #', 'sql', [], { Q: TEXT })).toContain(`Q=${TEXT}`)
  })

  test('arguments for bun test, split as a shell splits them', () => {
    const lines = linesOf("printf '[%s]\\n'", 'test', [`TEST_ARGS=-t 'happy path$' --bail`])
    const given = ['[--]', '[-t]', '[happy path$]', '[--bail]']
    expect(lines).toEqual(expect.arrayContaining(given))
    const ofShell = linesOf("printf '[%s]\\n'", 'test', [], { TEST_ARGS: `-t 'happy path$' --bail` })
    expect(ofShell).toEqual(expect.arrayContaining(given))
  })
})
