/** A memory of schema 8, whose index of keys was of their hashes alone. */
import { expect, test } from 'bun:test'
import { keyOf, nextId, setUpInFile, TOKEN } from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { openDatabase } from '#sqlite'

test('invariant 2: finds each receipt by its key, and goes on', async () => {
  const { path, reopen, fiscalize, kkt } = setUpInFile()
  const [before, after] = [nextId(), nextId()]
  await fiscalize(before)
  kkt().close()
  const db = openDatabase(path)
  db.exec(`DROP INDEX documents_by_key;
    CREATE INDEX documents_by_key ON documents (key_hash) WHERE key_hash IS NOT NULL;
    PRAGMA user_version = 8`)
  db.close()
  reopen()
  await fiscalize(after)
  for (const id of [before, after]) {
    expect(await kkt().lookupKey(keyOf(id), TOKEN)).toMatchObject({ kind: 'found', receipt: { id } })
  }
  const now = openDatabase(path)
  expect(now.prepare("SELECT sql FROM sqlite_master WHERE name = 'documents_by_key'").get()).toMatchObject({
    sql: expect.stringContaining('fd_number / 100, key_hash'),
  })
  now.close()
})
