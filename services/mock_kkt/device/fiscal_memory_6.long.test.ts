/** Documents in the FN leave out its registration, and those of the version before are read as they are. */
import { expect, test } from 'bun:test'
import { content } from '@kkt/adapter/src/testing/kit.ts'
import { nextId, setUpInFile, TOKEN } from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { openDatabase } from '#sqlite'

const NAMES = ['registrationNumber', 'serialNumber', 'seller', 'address', 'place', 'ffdVersion', 'fnsUrl']
const named = (text: string) => NAMES.filter((name) => text.includes(`"${name}"`))

function textsIn(path: string): string[] {
  const db = openDatabase(path)
  const rows = db.prepare<{ doc: string }>("SELECT doc FROM documents WHERE kind = 'receipt' ORDER BY fd_number").all()
  db.close()
  return rows.map(({ doc }) => doc)
}

test('a receipt is told whole, by its id, its key and its number, whatever its text leaves out', async () => {
  const { path, fiscalize, reopen, kkt } = setUpInFile()
  const [id, other] = [nextId(), nextId()]
  const docs = [await fiscalize(id), await fiscalize(other, { ...content(), address: 'г. Тверь', place: 'Ларёк 2' })]
  expect(textsIn(path).map(named)).toEqual([[], ['address', 'place']])
  reopen()
  expect(docs[1]?.details).toMatchObject({ address: 'г. Тверь', place: 'Ларёк 2', ffdVersion: '1.2' })
  for (const [n, one] of [id, other].entries())
    expect(await kkt().lookup(one, TOKEN)).toMatchObject({
      kind: 'found',
      doc: docs[n] ?? expect.anything(),
      paper: 'printed',
    })
  const told = await kkt().documentsAfter(0, 10)
  expect(told?.flatMap(({ receipt }) => receipt?.doc ?? [])).toEqual(docs)
})

test('one that the version before has signed is told as it was', async () => {
  const { path, fiscalize, reopen, kkt } = setUpInFile()
  const id = nextId()
  const doc = await fiscalize(id)
  const signed = { ...doc, ...(doc.details && { details: { ...doc.details, fnsUrl: 'nalog.ru' } }) }
  const db = openDatabase(path)
  db.prepare("UPDATE documents SET doc = ? WHERE kind = 'receipt'").run(JSON.stringify(signed))
  db.close()
  reopen()
  expect(await kkt().lookup(id, TOKEN)).toMatchObject({ kind: 'found', doc: signed, paper: 'printed' })
})
