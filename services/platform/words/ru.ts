import { counted, nounFor, numberIn } from '../language.ts'
import type { Bound } from './en.ts'
import type { PlatformWords } from './words.ts'

const PARTS: Readonly<Record<string, string>> = {
  body: 'данных',
  headers: 'заголовках',
  query: 'параметрах',
  params: 'адресе',
}

const THAN: Readonly<Record<Bound, string>> = {
  at_least: 'не меньше',
  more_than: 'больше',
  at_most: 'не больше',
  less_than: 'меньше',
}

/** In the genitive, as «не больше» wants it: 1 знака, 2 знаков. */
const genitive = (bound: number | bigint, one: string, others: string) =>
  `${numberIn('ru', Number(bound))} ${nounFor('ru', Number(bound), { one, other: others })}`

export const ru: PlatformWords = {
  titles: {
    400: 'Неверный запрос',
    401: 'Нет доступа',
    403: 'Запрещено',
    404: 'Не найдено',
    405: 'Так обратиться нельзя',
    408: 'Время вышло',
    409: 'Сейчас нельзя',
    413: 'Слишком много данных',
    421: 'Не тот адрес',
    422: 'Данные не приняты',
    429: 'Слишком много запросов',
    431: 'Слишком длинный заголовок',
    500: 'Внутренняя ошибка',
    502: 'Устройство отказало',
    503: 'Пока не работает',
  },
  unknownTitle: 'Ошибка',
  bodyTooLarge: (limitBytes) =>
    `Данных больше, чем ${numberIn('ru', limitBytes)} ${nounFor('ru', limitBytes, { one: 'байт', few: 'байта', many: 'байт', other: 'байта' })}. Отправьте меньше.`,
  foreignOrigin: () =>
    'Запрос пришёл со страницы другого сайта; ничего не сделано. Отправьте его из программы или со страницы этого сервиса. Чтобы адаптер принимал его с той страницы, добавьте её адрес в CORS_ORIGINS.',
  internalError: () => 'Сбой сервиса. Подробности — в журнале работы, в строке request_failed.',
  invalidInput(on, first) {
    const part = PARTS[on] ?? on
    const example = first ? ` ${first.isWhole ? `В ${part}` : first.place}: ${first.message}.` : ''
    return `Ошибка в ${part}, ничего не изменено.${example} Исправьте это и отправьте снова.`
  },
  malformedBody: () => 'Данные запроса не читаются. Отправьте его снова.',
  malformedJson: () => 'Данные запроса — не JSON. Отправьте один целый документ JSON.',
  methodNotAllowed: (allow) => `По этому адресу можно только: ${allow}.`,
  nestedTooDeep: (levels) =>
    `Данные вложены глубже, чем на ${counted('ru', levels, { one: 'уровень', few: 'уровня', many: 'уровней', other: 'уровня' })}. Уменьшите вложенность.`,
  noSuchFile: () => 'У страницы нет такого файла.',
  noSuchRoute: () => 'Такого адреса нет. Все адреса перечислены в README.',
  notUtf8: () => 'Данные запроса не в UTF-8. Отправьте JSON в UTF-8.',
  tooManyReaders: (most) =>
    `Поток уже читают ${counted('ru', most, { one: 'клиент', few: 'клиента', many: 'клиентов', other: 'клиента' })}, больше нельзя. Закройте один из них или попробуйте позже.`,
  unknownHost: () =>
    'У сервиса нет такого имени (Host); ничего не сделано. Обратитесь к localhost или по IP-адресу компьютера, или добавьте имя в ALLOWED_HOSTS и перезапустите сервис.',
  faults: {
    missing: () => 'не указано',
    notFinite: () => 'нужно конечное число',
    length: (than, bound) => `длина должна быть ${THAN[than]} ${genitive(bound, 'знака', 'знаков')}`,
    entries: (than, bound) => `должно быть ${THAN[than]} ${genitive(bound, 'строки', 'строк')}`,
    value: (than, bound) => `должно быть ${THAN[than]} ${numberIn('ru', Number(bound))}`,
  },
}
