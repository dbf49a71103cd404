/** The documents' examples, run unchanged: they must work when a reader pastes them, and print the documented lines. */
import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { odoo, ofd, register, urls } from '../harness/clients.ts'
import { documents, fences, inlineCode } from '../harness/documents/documents.ts'
import {
  drivesStack,
  isRunHere,
  missing,
  onlyBegins,
  refusalsFail,
  runShell,
  surprises,
} from '../harness/documents/run_examples.ts'
import { hurry, onHealedStack } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'

onHealedStack()
// A reader's OFD takes what is wrong, and tells it.
beforeEach(() => ofd.configure({ judge: 'report' }))

/** The longest that an example may take, and some more. */
const TEST_MS = 120_000
setDefaultTimeout(TEST_MS)
/** The stack's own: at the suites' pace, receipts are delivered before a reader's next command. */
const READERS_PACE = { sync_interval: 5, circuit_breaker_timeout: 10 }

const absent = missing('bash', 'curl', 'jq')
if (absent.length > 0)
  process.stderr.write(`The documents' shell examples are not run: ${absent.join(', ')} is missing.\n`)

const shellExamples = documents.flatMap((document) =>
  fences(document)
    .filter(({ language, text }) => language === 'bash' && drivesStack(text) && isRunHere(text))
    .map(({ text, line }) => [`${document.path}:${line}`, text] as const),
)
const inlineExamples = documents.flatMap((document) =>
  inlineCode(document)
    .filter((code) => code.startsWith('curl ') && drivesStack(code) && isRunHere(code))
    .map((code) => [code, document.path] as const),
)
const faultExamples = documents.flatMap((document) =>
  fences(document).flatMap(({ text }) =>
    text.split('\n').filter((line) => line.startsWith('make fault') && isRunHere(line)),
  ),
)

test('there are examples of each kind', () => {
  const found = deliversByKkt ? [shellExamples, faultExamples] : [shellExamples, inlineExamples, faultExamples]
  for (const examples of found) expect(examples.length).toBeGreaterThan(2)
})

describe.skipIf(absent.length > 0)('in a shell', () => {
  test.each(shellExamples)('%s prints what it says', async (_where, script) => {
    await hurry(READERS_PACE)
    expect(await surprises(script)).toEqual([])
  })

  test.each(inlineExamples)('%s is answered', async (code) => {
    expect((await runShell(refusalsFail(onlyBegins(code)))).trim()).not.toBe('null')
  })

  test.each(faultExamples)('%s is understood', async (line) => {
    const variables = {
      MOCK_OFD_URL: urls.ofd,
      MOCK_ODOO_URL: urls.odoo,
      ...(register && { MOCK_KKT_URL: register.url }),
    }
    const script = line.replace(/^make fault(.*?)(?: {2,}#.*)?$/, (_all, given) => {
      return `env${given} '${process.execPath}' --no-env-file tests/harness/fault/main.ts`
    })
    expect(await runShell(script, undefined, variables)).toContain('OFD')
    const configured = {
      OFD: await ofd.configure({}),
      ODOO: await odoo.configure({}),
      ...(register && { REGISTER: await register.configure({}) }),
    }
    for (const [mock, configuration] of Object.entries(configured)) {
      const faults = new RegExp(`${mock}=(?:'([^']*)'|(\\S+))`).exec(line)?.slice(1).join('') ?? ''
      const names = faults.split(';').map((fault) => fault.trim().split(' ')[0]?.replaceAll('-', '_') ?? '')
      const wanted = names.filter((name) => name !== '' && name !== 'none')
      const on = Object.keys(configuration).filter((name) => !['permanent_failure', 'failure_count'].includes(name))
      expect(on.toSorted()).toEqual(wanted.toSorted())
    }
  })
})
