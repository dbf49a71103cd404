import { controlEntries } from '@kkt/mock-kkt/in_process/control_entries.ts'
import type { Book } from '@kkt/platform/docs/book.ts'
import { routesBook } from './http/docs/book.ts'

/** The words of the adapter's OpenAPI document, those of the mock KKT's control included. */
export const adapterBook: Book = { ...routesBook, operations: { ...routesBook.operations, ...controlEntries } }
