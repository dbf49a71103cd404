import type { InEach } from '@kkt/platform/language.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** The words about a receipt. Each language has them all, with the same parameters. */
export type ReceiptWords = typeof en

export const RECEIPT_WORDS: InEach<ReceiptWords> = { en, ru }
