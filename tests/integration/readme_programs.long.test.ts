/** The README's programs, run unchanged: they must work when a reader pastes them. */
import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { ofd } from '../harness/clients.ts'
import { documentAt, fences } from '../harness/documents/documents.ts'
import { missing, runSaved } from '../harness/documents/run_examples.ts'
import { onHealedStack } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'

onHealedStack()
// A reader's OFD takes what is wrong, and tells it.
beforeEach(() => ofd.configure({ judge: 'report' }))

/** The longest that a program may take, and some more. */
const TEST_MS = 120_000
setDefaultTimeout(TEST_MS)

const absentPython = missing('bash', 'python3')
if (absentPython.length > 0) process.stderr.write("The README's programs in Python are not run: python3 is missing.\n")

/** In their order: of a till, and of a test. */
function program(language: string, which: 0 | 1): string {
  const found = fences(documentAt('README.md')).filter((fence) => fence.language === language)[which]
  if (!found) throw new Error(`the README has no such program in ${language}`)
  return found.text
}

describe.skipIf(deliversByKkt)("the README's programs in TypeScript", () => {
  test('a till sells', async () => {
    expect((await runSaved('till.ts', program('ts', 0), 'tests/harness/bun till.ts')).trim()).toBe('printed')
    expect(await ofd.wait({ pos_id: 'POS-7' }, TEST_MS)).toMatchObject({ status: 'reached' })
  })

  test('a test passes', async () => {
    await runSaved('lost.test.ts', program('ts', 1), 'tests/harness/bun test ./lost.test.ts')
    expect((await ofd.counters()).by_fault).toMatchObject({ effect_then_silence: 1 })
  })
})

describe.skipIf(absentPython.length > 0 || deliversByKkt)("the README's programs in Python", () => {
  test('a till sells', async () => {
    expect((await runSaved('till.py', program('python', 0), 'python3 till.py')).trim()).toBe('printed')
  })

  test('a test passes', async () => {
    await runSaved('outage.py', program('python', 1), 'python3 -m unittest outage.py')
    expect((await ofd.counters()).by_fault).toMatchObject({ unavailable: expect.any(Number) })
  })
})
