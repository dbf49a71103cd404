/** The examples of the mock register's document, run against a register of their own as a reader has it. */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import { documentAt, fences } from '../harness/documents/documents.ts'
import { missing, surprises } from '../harness/documents/run_examples.ts'
import { TEST_MS } from '../harness/patience.ts'
import { killAll, startService } from './adapter_process.ts'

setDefaultTimeout(TEST_MS)
afterAll(killAll)

const MAIN = fileURLToPath(new URL('../../services/mock_kkt/main.ts', import.meta.url))
const ADDRESS = 'localhost:16732'
const absent = missing('bash', 'curl')
if (absent.length > 0)
  process.stderr.write(`The mock register's examples are not run: ${absent.join(', ')} is missing.\n`)

const examples = fences(documentAt('services/mock_kkt/README.md'))
  .filter(({ language, text }) => language === 'bash' && text.includes(ADDRESS))
  .map(({ line, text }) => ({ line, text }))

test.skipIf(absent.length > 0).each(examples)('the example of line $line prints what it says', async ({ text }) => {
  const { port } = startService(MAIN, { HOST: '127.0.0.1', PORT: '0' })
  expect(await surprises(text.replaceAll(ADDRESS, `127.0.0.1:${await port}`))).toEqual([])
})

test('there are examples', () => expect(examples.length).toBeGreaterThan(4))
