import { expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import { content, freshKey, journalAndDb } from '../testing/kit.ts'
import { logAccepted } from './accepted_log.ts'

test('each receipt of a commit has a line with its client, written in one piece before its till is answered', async () => {
  const { journal } = journalAndDb()
  const written: string[] = []
  logAccepted({ journal, logger: createLogger('test', 'info', (text) => written.push(text)) })
  const whoever = ['till-1 192.168.0.7', 'till-2 192.168.0.8', 'till-1 192.168.0.7']
  const sell = async (who: string) => {
    const intake = await journal.write((tx) => tx.accept({ key: freshKey(), content: content() }, { owner: null, who }))
    expect(written).toHaveLength(1)
    return { receipt_id: 'receipt' in intake ? intake.receipt.id : null, by: who }
  }
  const sold = await Promise.all(whoever.map(sell))
  const lines = (written[0] ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  for (const one of sold) expect(lines).toContainEqual(expect.objectContaining({ event: 'receipt_accepted', ...one }))
  expect(lines).toHaveLength(3)
})

test('what a receipt becomes later has no such line', async () => {
  const { journal } = journalAndDb()
  const intake = await journal.write((tx) => tx.accept({ key: freshKey(), content: content() }))
  const written: string[] = []
  logAccepted({ journal, logger: createLogger('test', 'info', (text) => written.push(text)) })
  if ('receipt' in intake) await journal.write((tx) => tx.markPrinting(intake.receipt.id))
  expect(journal.queries.counts().printing).toBe(1)
  expect(written).toEqual([])
})
