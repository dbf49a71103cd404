/** A memory of schema 7, which knew no report of the exchange with the OFD. */
import { expect, test } from 'bun:test'
import { migrate } from '@kkt/adapter/src/sqlite/migrate.ts'
import { content, temporaryFile } from '@kkt/adapter/src/testing/kit.ts'
import { openDatabase } from '#sqlite'
import { made, openAt } from '../testing/registers.ts'
import schema4 from './fiscal_memory.sql' with { type: 'text' }
import schema5 from './fiscal_memory_5.sql' with { type: 'text' }
import schema6 from './fiscal_memory_6.sql' with { type: 'text' }
import schema7 from './fiscal_memory_7.sql' with { type: 'text' }

test('keeps its documents and goes on behind them, with reports among them', () => {
  const path = temporaryFile('kkt.db')
  const now = openAt({ path })
  now.receipt(content(), 'a')
  const [state, documents] = [now.state(), now.documentsAfter(0, 10)]
  now.close()
  const old = temporaryFile('old.db')
  const db = openDatabase(old)
  migrate(db, [schema4, schema5, schema6, schema7], 4)
  db.prepare('ATTACH ? AS now').run(path)
  db.exec(`INSERT INTO fn SELECT * FROM now.fn;
    INSERT INTO documents SELECT * FROM now.documents;
    UPDATE device SET kkt_number = 'KKT-007'`)
  db.close()
  const register = openAt({ path: old })
  expect(register.documentsAfter(0, 10)).toEqual(documents)
  expect(register.state()).toEqual(state)
  expect(made(register.ofdReport(null))).toMatchObject({ fdNumber: 4 })
})
