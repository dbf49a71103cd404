/**
 * Whether the FN holds a document of a task that ended with an error. `no`: the driver has cancelled it. `unknown`: the register or
 * its FN fell silent. `look`: a report or a closing was interrupted. After the last two the FN is read.
 */
type Fiscalised = 'no' | 'unknown' | 'look'

/**
 * The way on.
 * - `retry`: it may be done a moment later;
 * - `once`: the driver has put the register into order, so it is repeated at once, and then a person looks;
 * - `person`: everything waits until a person has mended the register or has replaced its FN;
 * - `replace_fn`: the same, and this FN makes no more receipts;
 * - `lasting`: this receipt or task is refused for good;
 * - `shift_expired`: after the shift is closed;
 * - `shift_state`: the shift is not as the task wants it;
 * - `continue_print`: after the register has printed the rest.
 */
type Way = 'retry' | 'once' | 'person' | 'replace_fn' | 'lasting' | 'shift_expired' | 'shift_state' | 'continue_print'

/** For the cashier. */
type Words = { ru: string; en: string }

export type ErrorRule = Words & { fiscalised: Fiscalised; way: Way }

export type Row = ErrorRule & { codes: readonly number[] }

const row = (fiscalised: Fiscalised, way: Way, codes: readonly number[], ru: string, en: string): Row => ({
  codes,
  fiscalised,
  way,
  ru,
  en,
})

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i)

/** The errors of the register's driver that have a rule, by their numbers. */
export const ERROR_TABLE: readonly Row[] = [
  row(
    'unknown',
    'retry',
    [1, 2, 241],
    'нет связи с ККТ: проверьте питание и кабель',
    'no connection to the KKT: see its power and its cable',
  ),
  row(
    'unknown',
    'retry',
    [3, 4],
    'порт ККТ занят другой программой: закройте её',
    'another program holds the port of the KKT: close it',
  ),
  row(
    'unknown',
    'retry',
    [107, 108],
    'ККТ не отвечает: включите её заново',
    'the KKT does not answer: switch it off and on',
  ),
  row(
    'unknown',
    'retry',
    [104, 115, 159],
    'ККТ не может обменяться с ФН: включите её заново',
    'the KKT cannot reach its FN: switch it off and on',
  ),
  row('no', 'retry', [55, 72], 'ККТ занята: подождите', 'the KKT is busy: wait'),
  row('no', 'retry', [221], 'сетевой интерфейс ККТ занят: подождите', 'the network of the KKT is busy: wait'),
  row('no', 'retry', [226], 'ККТ обновляется: подождите', 'the KKT is being updated: wait'),
  row('no', 'person', [44], 'нет бумаги: вставьте рулон', 'there is no paper: put a roll in'),
  row('no', 'person', [45], 'открыта крышка ККТ: закройте её', 'the cover of the KKT is open: close it'),
  row(
    'no',
    'person',
    [46, 47],
    'принтер ККТ неисправен: вызовите мастера',
    'the printer of the KKT is out of order: have it mended',
  ),
  row(
    'no',
    'person',
    [114],
    'печатающая головка перегрета: дайте ККТ остыть',
    'the print head is too hot: let the KKT cool down',
  ),
  row(
    'no',
    'person',
    [132],
    'аккумулятор ККТ разряжен: подключите питание',
    'the battery of the KKT is low: connect its power',
  ),
  row('no', 'person', [150], 'отрезчик неисправен: освободите его', 'the cutter is jammed: free it'),
  row(
    'look',
    'continue_print',
    [32, 151, ...range(173, 178)],
    'печать прервана: ККТ допечатает документ',
    'printing was interrupted: the KKT prints the rest',
  ),
  row(
    'no',
    'shift_expired',
    [68, 141],
    'смена открыта больше 24 часов: её нужно закрыть',
    'the shift is open for more than 24 hours: it has to be closed',
  ),
  row('no', 'shift_state', [73], 'смена закрыта', 'no shift is open'),
  row('no', 'shift_state', [83], 'смена уже открыта', 'a shift is open already'),
  row(
    'no',
    'shift_state',
    [106],
    'номера смены в ККТ и в ФН различаются',
    'the KKT and its FN have different numbers of the shift',
  ),
  row(
    'no',
    'person',
    [35, 36, 122, 142, 198, 218],
    'часы ККТ неверны: закройте смену и выставьте их',
    'the clock of the KKT is wrong: close the shift and set it',
  ),
  row('no', 'person', [118, 119, 120, 166], 'ФН неисправен: замените его', 'the FN is out of order: have it replaced'),
  row('no', 'replace_fn', [121], 'ФН заполнен: замените его', 'the FN is full: have it replaced'),
  row(
    'no',
    'person',
    [130, 224],
    'в ККТ нет ФН или он от другой ККТ: проверьте его',
    'the FN is missing or is of another KKT: see which one is in',
  ),
  row(
    'no',
    'person',
    [135, 136, 137],
    'ФН закрыт, заполнен или истёк: замените его',
    'the FN is closed, full or has expired: have it replaced',
  ),
  row(
    'no',
    'person',
    [139, 140],
    'ОФД давно не подтверждал документы: проверьте связь ККТ с ОФД',
    'the OFD has confirmed no documents for too long: see the connection of the KKT to it',
  ),
  row(
    'no',
    'lasting',
    [52, 53, 60, 63, 66, 79, 80, 98, 227],
    'оплаты не сходятся с итогом чека',
    'the payments do not match the total of the receipt',
  ),
  row(
    'no',
    'lasting',
    [16, 17, 40, 61, 110, 125, 134, 223],
    'цена, количество или размер чека не подходят ККТ',
    'a price, a quantity or the size of the receipt does not suit the KKT',
  ),
  row(
    'no',
    'lasting',
    [128, 129, 143, 144, 145, 147, 195, 215, 216, 217, 219, 243],
    'НДС, система налогообложения или признак расчёта не подходят ККТ',
    'a VAT rate, the taxation system or an attribute of a settlement does not suit the KKT',
  ),
  row(
    'no',
    'lasting',
    [158, 161, 148, 167, 190, 192, 193, 228, 271],
    'реквизит чека запрещён, пропущен или неверен',
    'an attribute of the receipt is denied, missing or wrong',
  ),
  row(
    'no',
    'lasting',
    [172, 196],
    'не указан кассир: назовите его в чеке или в CASHIER_NAME',
    'no cashier is named: name one in the receipt, or set CASHIER_NAME',
  ),
  row('no', 'person', [89, 225], 'ККТ не зарегистрирована', 'the KKT is not registered: have it registered'),
  row('no', 'retry', [401, 423], 'идёт проверка кода маркировки: подождите', 'a marking code is being checked: wait'),
  row(
    'no',
    'retry',
    [402, 421],
    'сервер проверки маркировки не ответил',
    'the server that checks marking codes did not answer',
  ),
  row(
    'no',
    'person',
    [411],
    'нет связи с сервером маркировки: проверьте сеть ККТ',
    'no connection to the server of marking: see the network of the KKT',
  ),
  row('no', 'lasting', [404, 405, 409, 412, 420], 'код маркировки неверен', 'a marking code is wrong'),
  row('no', 'lasting', [406, 407], 'работа с маркировкой в ККТ заблокирована', 'marking is blocked in the KKT'),
  row(
    'no',
    'lasting',
    [408],
    'таблица кодов маркировки в ККТ заполнена',
    'the table of marking codes in the KKT is full',
  ),
  row(
    'no',
    'lasting',
    [418, 419, 425],
    'ключи проверки маркировки в ККТ устарели: обновите их',
    'the keys of marking in the KKT are out of date: update them',
  ),
  row('no', 'lasting', [417], 'уведомления о маркировке не отправлены', 'notices of marking are not sent'),
  row(
    'no',
    'lasting',
    [403, 410, ...range(413, 416), 422, 424, 426],
    'ККТ не приняла код маркировки',
    'the KKT does not take a marking code',
  ),
  row('no', 'lasting', [501], 'ККТ не поняла задание', 'the KKT does not understand the task'),
  row('no', 'retry', [502], 'задание прервано предыдущим', 'an earlier task interrupted it'),
  row(
    'no',
    'lasting',
    [503, 504],
    'сценарий драйвера ККТ отказал: проверьте scriptsPath',
    'a script of the driver of the KKT failed: see its scriptsPath',
  ),
  row(
    'no',
    'once',
    [12, 13, 62, 81, 82, 201, 203, 249],
    'ККТ в другом режиме: включите её заново',
    'the KKT is in another mode: switch it off and on',
  ),
  row('look', 'retry', [123], 'в ФН нет такого документа', 'the FN holds no such document'),
]
