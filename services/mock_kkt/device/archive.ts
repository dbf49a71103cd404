import { readContent } from '@kkt/adapter/src/domain/stored_content.ts'
import { type Registered, readDocument } from '@kkt/adapter/src/domain/stored_document.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import type { ArchivedDocument } from '../register.ts'
import type { ServiceKind } from './documents.ts'

type Row = { fd_number: number; kind: 'receipt' | ServiceKind; doc: string; content: string | null; printed: number }

/**
 * The FN's archive: its documents whole, of every kind.
 * @param registered of the FN, for good
 */
export function createArchive(db: Database, registered: Registered) {
  const rows = 'SELECT fd_number, kind, doc, content, printed FROM documents'
  const byNumber = db.prepare<Row>(`${rows} WHERE fd_number = ?`)
  const after = db.prepare<Row>(`${rows} WHERE fd_number > ? ORDER BY fd_number LIMIT ?`)
  const read = ({ kind, doc, content, printed }: Row, isSent: boolean): ArchivedDocument => {
    const isOnPaper = printed === 1
    if (kind !== 'receipt') return { kind, doc: JSON.parse(doc), isSent, isOnPaper }
    if (content === null) throw new Error('An earlier version of the mock KKT kept this receipt without its content')
    return { kind, doc: readDocument(doc, registered), content: readContent(content), isSent, isOnPaper }
  }
  return {
    /** @param sentThroughFd the OFD has the documents up to this one */
    find(fdNumber: number, sentThroughFd: number): ArchivedDocument | null {
      const row = byNumber.get(fdNumber)
      return row ? read(row, fdNumber <= sentThroughFd) : null
    },
    after: (fdNumber: number, limit: number, sentThroughFd: number): ArchivedDocument[] =>
      after.all(fdNumber, limit).map((row) => read(row, row.fd_number <= sentThroughFd)),
  }
}
