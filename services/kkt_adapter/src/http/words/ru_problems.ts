import { statuses, troubles } from '@kkt/pages/adapter/words/ru_states.ts'
import { counted, numberIn } from '@kkt/platform/language.ts'
import type { Role } from '../../access/tokens.ts'
import type { Status } from '../../domain/state.ts'
import type { problems as enProblems } from './en_problems.ts'

const receipts = (count: number) => counted('ru', count, { one: 'чек', few: 'чека', many: 'чеков', other: 'чека' })

const journalAdvice = (code: string): string => ADVICE_BY_CODE[code] ?? 'Проверьте диск с файлом BUFFER_DB_PATH'

const ADVICE_BY_CODE: Readonly<Record<string, string>> = {
  FILE_DISPLACED:
    'Файл буфера удалили, переместили или заменили во время работы. Верните файлы на место (BUFFER_DB_PATH) и перезапустите адаптер',
  JOURNAL_BEHIND_FN:
    'В буфере нет чеков, которые ККТ уже напечатала. Сделайте то, что сказано в строке журнала journal_behind_fn, и перезапустите адаптер',
}

const ALLOWED_TO: Readonly<Record<Role, string>> = {
  till: 'Токен кассы (till) — для продаж и просмотра своих чеков',
  metrics: 'Токен наблюдения (metrics) — для /metrics и /v1/health',
  operator: 'Токен оператора (operator) — для всего',
}

const WITHOUT_DOCUMENT: Readonly<Partial<Record<Status, string>>> = {
  accepted: 'Он ждёт ККТ: проверьте, что она включена и готова, и повторите запрос',
  printing: 'ККТ сейчас его печатает. Повторите запрос через несколько секунд',
  unknown: 'Ответ ККТ потерялся, и адаптер спрашивает у неё, что стало с чеком. Повторите запрос',
  refused: 'ККТ отказала, и документа не будет. Причина — в last_error чека. Пробейте новый чек',
}

type BeforeARefund = { reason: string; next: string }

const BEFORE_A_REFUND: Readonly<Partial<Record<Status, BeforeARefund>>> = {
  refused: { reason: 'ККТ не сделала по нему документа', next: 'Возвращать нечего' },
  failed: { reason: 'ОФД отклонил его', next: 'Позовите оператора: чек нужно отправить снова или исправить' },
  closed: {
    reason: 'оператор закрыл его без передачи в ОФД',
    next: 'Как решён вопрос, сказано в причине закрытия, в GET /v1/kkt/buffer/events',
  },
}
const NOT_DELIVERED: BeforeARefund = {
  reason: 'он ещё не передан в ОФД',
  next: 'Повторите, когда он будет передан',
}

const theSameKey = 'с тем же ключом (Idempotency-Key)'

export const problems: typeof enProblems = {
  bufferFull: (undelivered) =>
    `Чек не принят: ждут печати или отправки в ОФД ${receipts(undelivered)}, и места больше нет. Восстановите работу ККТ или связь с ОФД и отправьте чек снова ${theSameKey}. Чего ждут чеки, видно в GET /v1/kkt/buffer/status.`,
  tokenMissing: () =>
    'Адаптер доступен только по токену; ничего не сделано. Пришлите токен в заголовке Authorization: Bearer ТОКЕН. Токен делает make_token.ts.',
  tokenUnknown: () =>
    'Адаптер не знает такого токена; ничего не сделано. Проверьте, что токен введён целиком и что его строка есть в файле API_TOKENS_FILE.',
  tooManyWrongTokens: () =>
    'С этого адреса за минуту пришло слишком много неверных токенов; ничего не сделано. Исправьте токен и повторите запрос немного позже. Верные токены работают.',
  roleNotAllowed: (role) => `${ALLOWED_TO[role]}, а это ему нельзя; ничего не сделано. Возьмите токен с другой ролью.`,
  posNotAllowed: () =>
    'Чек не принят: с этим токеном нельзя продавать на этой кассе. Проверьте номер кассы (pos_id) или добавьте его в строку токена в файле API_TOKENS_FILE.',
  keyReused: (receiptId) =>
    `Чек не принят: его ключ (Idempotency-Key) уже занят ${receiptId === null ? 'чеком другой кассы' : `чеком ${receiptId}`}, и там другие данные. Новому чеку нужен новый ключ.`,
  correctionInFuture: (today) => ({
    message: `— не позже сегодняшнего дня, ${today}`,
    detail: `Чек не принят: исправить можно только прошедший расчёт, а сегодня ${today}. Укажите день расчёта или исправьте часы.`,
  }),
  vatRefused: (why) =>
    `Чек не принят. ${why} Ключ (Idempotency-Key) свободен: исправьте чек и отправьте снова. С настройкой VAT_RULES=warn о таком чеке только предупреждают.`,
  shuttingDown: () => 'Адаптер останавливается, ничего не записано. Повторите через минуту.',
  journalAdvice,
  journalUnavailable: (code) =>
    `Журнал не читается или не пишется (${code}). ${journalAdvice(code)}, затем отправьте чек снова ${theSameKey}: второй раз он не запишется и не напечатается.`,
  kktUnfit: (trouble) =>
    `Чек не принят: ККТ не может печатать (${trouble}). ${troubles[trouble].text} ${troubles[trouble].action} Затем отправьте чек снова ${theSameKey}.`,
  kktCannot: (pointer, reason) =>
    `Чек не принят: эта ККТ не может сделать такой документ. ${pointer} ${reason}. Ключ (Idempotency-Key) свободен: исправьте чек и отправьте снова.`,
  kktRefused: (receiptId, reason) =>
    `Чек не пробит: ККТ отказала и не сделала фискальный документ. Причина: ${reason ?? 'не названа'}. Устраните её и пробейте чек снова с новым ключом (Idempotency-Key). Номер отказа: ${receiptId}.`,
  ofdControlUnavailable: () =>
    'У ОФД нет управления для проверок, или он не отвечает: здесь можно выключить и включить только пробный ОФД. Изменилось ли что-нибудь, неизвестно. Запустите пробный ОФД или проверьте OFD_API_URL.',
  receiptNotFound: (receiptId) => `Чека ${receiptId} в журнале нет.`,
  waitTimedOut(receiptId, status, wanted, timeoutMs) {
    const within = timeoutMs === null ? 'пока клиент ждал' : `за ${numberIn('ru', timeoutMs / 1000)} с`
    return `Чек ${receiptId} не дошёл до состояния «${statuses[wanted]}» ${within}, сейчас он в состоянии «${statuses[status]}». Что его держит, видно в last_error чека и в GET /v1/kkt/buffer/status. Если нужно, подождите ещё.`
  },
  outOfReach: (receiptId, status, wanted) =>
    `Чек ${receiptId} — «${statuses[status]}» и никогда не будет «${statuses[wanted]}». Больше его не ждите.`,
  tooManyWaits: () => 'Слишком многие уже ждут чеков. Повторите немного позже или спросите без wait.',
  originalNotFound: () =>
    'Такого чека (original_fiscal_doc_id) в журнале нет: он другого магазина или слишком старый (RETENTION_DAYS). Проверьте номер.',
  refundTooEarly(receiptId, status) {
    const { reason, next } = BEFORE_A_REFUND[status] ?? NOT_DELIVERED
    return { reason, detail: `Возврат пока невозможен. Чек ${receiptId} — «${statuses[status]}»: ${reason}. ${next}.` }
  },
  forceNotAllowed: () =>
    'Чек не принят: вернуть больше, чем осталось по исходному чеку, может только оператор. Отправьте чек без force или с токеном оператора.',
  refundExceeds: (left) =>
    `Чек не принят: возврат больше, чем осталось по исходному чеку (${left} ₽). Ключ (Idempotency-Key) свободен. Проверьте, что уже вернули. Оператор может провести его с "force": true.`,
  refundIncomplete: (isKnown) =>
    `Чек не принят: ${isKnown ? 'в исходном чеке нет того' : 'исходного чека в буфере нет, а из него берут то'}, чего не указано у товаров. Ключ (Idempotency-Key) свободен. Посмотрите чек покупателя и укажите недостающее (errors).`,
  refundLeftOpen: () =>
    'не указана ставка НДС, а в исходном чеке её для этого товара нет: укажите ставку из чека покупателя',
  keyUndecided: () =>
    'Чек не принят: ККТ не отвечает, а она могла уже пробить его для прежнего, потерянного буфера. Отправьте то же с тем же ключом (Idempotency-Key).',
  correctionNotFound: (correctionId) => `Исправления ${correctionId} в журнале нет.`,
  alreadyCorrected: (correctionId) =>
    `Исправление не принято: этот документ уже исправлен (исправление ${correctionId}, см. GET /v1/kkt/correction/${correctionId}). Если ошибка в нём самом, исправьте чеки, которые оно создало.`,
  correctionNotOpen: (correctionId) => `В исправлении ${correctionId} оператору нечего закрывать; ничего не изменено.`,
  noFiscalDocument: (receiptId, status) =>
    `У чека ${receiptId} («${statuses[status]}») нет фискального документа. ${WITHOUT_DOCUMENT[status] ?? 'Повторите запрос'}.`,
  notUntold: (receiptId, status) =>
    `Чек ${receiptId} не ждёт решения оператора (${status}): ККТ ещё скажет или уже сказала, что с ним стало. Ничего не изменено.`,
  documentTaken: (fnNumber, fdNumber) =>
    `Документ ${fdNumber} ФН ${fnNumber} в журнале уже есть, и он не этого чека. Ничего не изменено. Посмотрите номер ещё раз на бумаге или в кабинете ОФД.`,
  documentNotMade: (fnNumber, fdNumber, lastFd) =>
    `Документа ${fdNumber} в ФН ${fnNumber} нет: этот ФН стоит в ККТ, и последний документ в нём — ${lastFd}. Ничего не изменено. Посмотрите номер ещё раз на бумаге или в кабинете ОФД. Если документа у этого чека нет, отправьте {"printed": false}.`,
  documentOpen: (fnNumber, fdNumber) =>
    `Документ ${fdNumber} ФН ${fnNumber} может оказаться тем, что ККТ делает сейчас. Ничего не изменено. Повторите немного позже.`,
  shiftNotTold: () => ({
    message: 'не указано, а на документе это есть',
    detail:
      'В журнале нет документа прямо перед этим, поэтому смена неизвестна. Ничего не изменено. Укажите shift_number и receipt_number: номер смены и номер чека напечатаны на документе.',
  }),
  shiftOpen: () =>
    'Смена уже открыта; ничего не сделано. С какого времени — скажет GET /v1/kkt/shift. Продавайте или сначала закройте её.',
  shiftExpired: () =>
    'Смена открыта больше 24 часов, и новую ККТ не откроет; ничего не сделано. Закройте её: POST /v1/kkt/shift/close. Перед чеком она закроется сама.',
  shiftClosed: () => 'Смена уже закрыта; ничего не сделано. Её откроет следующий чек или POST /v1/kkt/shift/open.',
  drawerTooLow: () =>
    'По счёту ККТ наличных в ящике меньше; ничего не сделано, ключ (Idempotency-Key) свободен. Сколько в ящике, скажет GET /v1/kkt/shift. Возьмите меньше или сначала внесите деньги.',
  kktSilent: () =>
    'ККТ не отвечает, а знает это только она; ничего не сделано. Проверьте питание и кабель ККТ и повторите запрос.',
  tooManyTasks: () =>
    'Слишком много заданий ждут ККТ; ничего не сделано. Проверьте питание, бумагу и ФН и повторите запрос. Задания перечислены в GET /v1/kkt/tasks.',
  taskRefused: (taskId, reason) =>
    `Насколько известно, ККТ задание не выполнила. Причина: ${reason ?? 'не названа'}. Устраните её и повторите; если был ключ (Idempotency-Key), то с новым. Номер задания: ${taskId}.`,
  taskKeyReused: (taskId) =>
    `Ничего не сделано: этот ключ (Idempotency-Key) уже занят ${taskId === null ? 'чеком' : `другим заданием (${taskId})`}. Новому заданию нужен новый ключ.`,
  taskNotFound: (taskId) => `Задания ${taskId} в журнале нет.`,
  taskNotUnclear: (taskId) =>
    `Исход задания ${taskId} известен или ещё выясняется, решать нечего; ничего не изменено. Что с ним, скажет GET /v1/kkt/task/${taskId}.`,
  shiftNotFound: (number) =>
    `Такого документа смены ${number} этого ФН в журнале нет. Какие есть, скажет GET /v1/kkt/shifts.`,
  noSlip: () =>
    'У этого задания нет слипа: оно не выполнено, или это копия чека, а слип чека — GET /v1/kkt/receipt/{receipt_id}/slip.',
  notInDlq: (receiptId, status) =>
    `Чек ${receiptId} — «${statuses[status]}», среди отклонённых его нет; ничего не изменено.`,
  dlqAbsent: () =>
    'ККТ сама передаёт документы в ОФД (DELIVERY=kkt), поэтому отклонённых чеков здесь не бывает; ничего не изменено. Что ОФД ещё не подтвердил, скажет components.kkt в GET /v1/health.',
  nothingUntraced: (fnNumber) =>
    `Чеков ФН ${fnNumber}, о которых ККТ уже не скажет, нет; ничего не изменено. Сколько таких, скажет untraced в GET /v1/kkt/buffer/status, а их fn_number — в GET /v1/kkt/receipts?status=pending.`,
  printsOutOfOrder(maxMs) {
    const message = `должно быть не больше kkt_print_delay_max, то есть ${numberIn('ru', maxMs / 1000)}`
    const detail = `Самая быстрая печать вышла бы дольше самой медленной: kkt_print_delay_min ${message}. Ничего не изменено.`
    return { message, detail }
  },
}
