import { counted } from '@kkt/platform/language.ts'
import type { answers as enAnswers } from './en_answers.ts'

const receipts = (count: number) => counted('ru', count, { one: 'чек', few: 'чека', many: 'чеков', other: 'чека' })

const THE_REST = 'Как обстоят дела сейчас, скажут следующие события'

export const answers: typeof enAnswers = {
  leftOut: {
    too_far_behind: `С последнего полученного события прошло больше 10 000 новых, они пропущены. ${THE_REST}.`,
    events_removed: `События после последнего полученного удалены по сроку (RETENTION_DAYS) и пропущены. ${THE_REST}.`,
    no_such_event: `События с таким номером в журнале ещё нет: номер из другого буфера. Придут новые. ${THE_REST}.`,
  },
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
