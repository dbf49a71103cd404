import { expect, test } from 'bun:test'
import { readInWords } from '@kkt/platform/wording.ts'
import { receiptFaults } from './catalogue.ts'
import { changeSchema } from './change.ts'

const changes = changeSchema(receiptFaults, () => true)

test.each<[unknown, string]>([
  [{ hangs: true }, 'is not known here: did you mean "hang"? There are '],
  [{ hang: { probabillity: 1 } }, 'has a field "probabillity" that is not known here: did you mean "probability"?'],
  [{ hang: { match: { posid: 'A' } } }, 'has a field "posid" that is not known here: did you mean "pos_id"?'],
  [{ hang: [{ match: 'A' }] }, 'takes {receipt_id?, pos_id?, kkt_id?, attempt?, task?}'],
  [{ rate_quota: {} }, 'is missing'],
  [{ sequence: [{ second: 1 }] }, 'is not known here: did you mean "seconds"? There are '],
])('%j is told: %s', (change, words) => {
  const result = readInWords(changes, change)
  expect(result.success ? [] : result.issues.map(({ message }) => message)).toEqual([expect.stringContaining(words)])
})
