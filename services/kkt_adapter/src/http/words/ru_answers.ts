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
  paperLost: (fdNumber) =>
    `Чек пробит (документ ${fdNumber}), но ККТ его уже не напечатает: в ней другой ФН. Второй раз его не пробивайте. Покупателю отдайте слип: GET /v1/kkt/receipt/{receipt_id}/slip.`,
  electronic: () => 'Чек пробит, без бумаги',
  printed: () => 'Чек пробит и напечатан',
  syncedNotHere: () =>
    'Этот адаптер сейчас не отправляет чеки (sender_lease в GET /v1/kkt/buffer/status). Его чеки уйдут, когда он получит право отправки.',
  syncedAll: () => 'Все чеки переданы в ОФД.',
  syncedThese: (remaining) => `За это время добавилось: ${receipts(remaining)}. Они уже отправляются.`,
  heldByKkt: (remaining) =>
    `В ФН ещё ${receipts(remaining)} без подтверждения ОФД: ККТ передаёт их сама. С какого времени это не удаётся, скажет unsent_since в components.kkt в GET /v1/health.`,
  syncKktSilent: () =>
    'ККТ не отвечает, поэтому неизвестно, что уже принял ОФД; ничего не изменено. Проверьте питание ККТ и кабель.',
  syncedInPart: ({ failed, skipped, remaining }) =>
    `Осталось передать: ${receipts(remaining)}. ОФД не принял: ${receipts(failed)}. За ними ждут очереди: ${receipts(skipped)}. Причина — в last_failure в GET /v1/kkt/buffer/status и в GET /v1/kkt/buffer/dlq.`,
  correctionPrinted: () => 'Все документы исправления пробиты.',
  correctionBuffered: () =>
    'Исправление принято, но ещё не все его документы пробиты: это произойдёт само. Чтобы узнать, что с ним, отправьте его снова с тем же ключом (Idempotency-Key).',
  correctionIncomplete: () =>
    'ККТ отклонила часть исправления: причина — в last_error. Устраните её и отправьте отклонённую часть отдельно: отмену — без right, верный чек — без wrong и с датой (date). Затем закройте это исправление: POST /v1/kkt/correction/{correction_id}/close.',
  correctionClosed: () => 'Оператор закрыл часть, которую отклонила ККТ.',
  taskDone: {
    open_shift: 'Смена открыта.',
    close_shift: 'Смена закрыта.',
    x_report: 'Отчёт снят. Смена продолжается.',
    cash_in: 'Деньги внесены.',
    cash_out: 'Деньги изъяты.',
    copy: 'Копия напечатана.',
  },
  taskOpen: {
    accepted:
      'Задание принято, но в ККТ ещё не передано: это произойдёт само. Что с ним, скажет GET /v1/kkt/task/{task_id}.',
    asked: 'ККТ выполняет задание. Что с ним, скажет GET /v1/kkt/task/{task_id}.',
    unknown:
      'Ответ ККТ потерялся, и адаптер спрашивает у неё, что стало с заданием. Что с ним, скажет GET /v1/kkt/task/{task_id}.',
    unclear:
      'Выполнила ли ККТ задание, узнать нельзя. Посмотрите ленту или пересчитайте ящик, и пусть оператор ответит: POST /v1/kkt/task/{task_id}/settle. Не повторяйте задание.',
  },
  drawerBelowZero: () =>
    'По данным адаптера, в ящике было меньше, чем изъято. Пересчитайте деньги и внесите то, что положили: POST /v1/kkt/cash/in.',
}
