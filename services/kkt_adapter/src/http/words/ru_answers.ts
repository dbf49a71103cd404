import { counted } from '@kkt/platform/language.ts'
import type { answers as enAnswers } from './en_answers.ts'

const receipts = (count: number) => counted('ru', count, { one: 'чек', few: 'чека', many: 'чеков', other: 'чека' })

export const answers: typeof enAnswers = {
  notPrintedYet: () =>
    'Чек принят, но ещё не пробит: он напечатается сам. Второй раз его не пробивайте. Чтобы узнать, что с ним, отправьте его снова с тем же ключом (Idempotency-Key).',
  noPaper: (fdNumber) =>
    `Чек пробит (документ ${fdNumber}), но не напечатан: проверьте бумагу в ККТ, и он напечатается сам. Второй раз его не пробивайте.`,
  electronic: () => 'Чек пробит, без бумаги',
  printed: () => 'Чек пробит и напечатан',
  syncedNotHere: () =>
    'Этот адаптер сейчас не отправляет чеки (sender_lease в GET /v1/kkt/buffer/status). Его чеки уйдут, когда он получит право отправки.',
  syncedAll: () => 'Все чеки переданы в ОФД.',
  syncedThese: (remaining) => `За это время добавилось: ${receipts(remaining)}. Они уже отправляются.`,
  syncedInPart: ({ failed, skipped, remaining }) =>
    `Осталось передать: ${receipts(remaining)}. ОФД не принял: ${receipts(failed)}. За ними ждут очереди: ${receipts(skipped)}. Причина — в last_failure в GET /v1/kkt/buffer/status и в GET /v1/kkt/buffer/dlq.`,
}
