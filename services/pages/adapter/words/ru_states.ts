import type { KktFaults } from '../kkt_faults.ts'
import type { DlqReason, EventKind, HeldBy, HostState, LeaseState, Status } from '../wire.ts'
import type { KktTrouble } from '../wire_kkt.ts'
import type { AlertWords, commands as enCommands } from './en_states.ts'

export const statuses: Record<Status, string> = {
  accepted: 'принят',
  printing: 'печатается',
  unknown: 'неясен',
  refused: 'отказ ККТ',
  pending: 'ждёт ОФД',
  syncing: 'передаётся',
  synced: 'передан',
  failed: 'отклонён ОФД',
  closed: 'закрыт',
}

export const statusMeans: Record<Status, string> = {
  accepted: 'Записан в журнал. В ККТ ещё не передан.',
  printing: 'Передан в ККТ. Ответа ещё нет.',
  unknown:
    'Чек передан в ККТ, но её ответ потерялся. Адаптер спросит у ККТ, что стало с чеком, и второй раз его не напечатает.',
  refused: 'ККТ не сделала фискальный документ. Этот чек больше не печатается: пробейте новый.',
  pending: 'Фискализирован. Ждёт передачи в ОФД.',
  syncing: 'Передан в ОФД. Ответа ещё нет.',
  synced: 'ОФД получил чек.',
  failed: 'ОФД отклонил этот чек. Дальше решает человек.',
  closed: 'Закрыт человеком: вопрос решён иначе. Чек больше не отправляется.',
}

export const troubles: Record<KktTrouble, AlertWords> = {
  busy: { text: 'ККТ занята другой работой.', action: 'Подождите: адаптер обратится к ней снова сам.' },
  paper_out: { text: 'В ККТ кончилась бумага.', action: 'Вставьте бумагу. Ненапечатанные чеки напечатаются сами.' },
  cover_open: { text: 'Крышка ККТ открыта.', action: 'Закройте её. Чеки напечатаются сами.' },
  printer_fault: {
    text: 'Принтер ККТ неисправен.',
    action: 'Выключите и включите ККТ. Если не поможет, вызовите мастера.',
  },
  shift_expired: {
    text: 'Смена ККТ открыта больше 24 часов.',
    action: 'Подождите: она закроется сама. Если нет, задайте CASHIER_NAME или закройте смену на ККТ.',
  },
  clock_behind: {
    text: 'Часы ККТ отстают от её последнего документа: чеки не печатаются.',
    action: 'Поставьте часы ККТ правильно или подождите: она продолжит, когда её часы дойдут до этого документа.',
  },
  fn_full: {
    text: 'ФН заполнен: ККТ не принимает чеки.',
    action: 'Замените ФН. До этого кассы не могут продавать. Чеки, которые ждут, напечатаются с новым ФН.',
  },
  fn_expired: {
    text: 'Срок ФН истёк: ККТ не принимает чеки.',
    action: 'Замените ФН. До этого кассы не могут продавать. Чеки, которые ждут, напечатаются с новым ФН.',
  },
  fn_broken: {
    text: 'ФН неисправен: ККТ не принимает чеки.',
    action: 'Замените ФН. До этого кассы не могут продавать. Чеки, которые ждут, напечатаются с новым ФН.',
  },
  fn_unsent_too_long: {
    text: 'ОФД 30 дней не подтверждает документы, и по закону ФН больше ничего не подписывает.',
    action: 'Восстановите связь с ОФД. Когда документы до него дойдут, продажи пойдут сами.',
  },
  not_registered: {
    text: 'ККТ не зарегистрирована в налоговой: она не принимает чеки.',
    action: 'Зарегистрируйте ККТ с этим ФН. До этого кассы не могут продавать.',
  },
}

export const kktSilent: AlertWords = {
  text: 'ККТ не отвечает.',
  action: 'Проверьте её питание и кабель. Чеки пока хранятся в журнале.',
}

export const diskFilling: AlertWords = {
  text: 'На диске буфера осталось меньше 512 МиБ. Когда место кончится, продажи остановятся.',
  action: 'Освободите место на диске с файлом BUFFER_DB_PATH. Файлы рядом с буфером не удаляйте.',
}

export const odooAway: AlertWords = {
  text: 'Odoo не принимает сигналы о работе.',
  action: 'Проверьте Odoo и ODOO_API_URL. Продажи идут.',
}

export const heldBy: Record<HeldBy, string> = {
  this_process: 'отправляет этот адаптер',
  another_process: 'отправляет другой процесс на этом компьютере',
  another_host: 'отправляет другой компьютер',
  nobody: 'никто не отправляет',
}

export const hosts: Record<HostState, string> = {
  off: 'других компьютеров нет',
  not_asked: 'Redis ещё не спрашивали',
  held: 'закреплено в Redis',
  yielding: 'передаётся другому',
  elsewhere: 'у другого компьютера',
  refused: 'Redis отказал',
  unreachable: 'Redis недоступен',
}

export const leases: Record<HostState | LeaseState, string> = {
  off: hosts.off,
  not_asked: 'не запрошено',
  held: 'получено',
  yielding: hosts.yielding,
  elsewhere: hosts.elsewhere,
  refused: hosts.refused,
  unreachable: hosts.unreachable,
  free: 'свободно',
  released: 'отпущено',
  lost: 'потеряно',
}

export const reasons: Record<DlqReason, string> = {
  refused_by_ofd: 'отклонён ОФД',
  retries_exhausted: 'слишком много неудачных попыток',
}

export const kinds: Record<EventKind, string> = {
  receipt: 'чек',
  task: 'задание ККТ',
  breaker: 'отправка в ОФД',
  lease: 'право отправки',
  odoo: 'Odoo',
  command: 'команда',
  kkt: 'ФН в ККТ',
}

export const commands: typeof enCommands = {
  sync: 'отправка всего',
  test_control: 'управление проверкой',
  correction_closed: 'исправление закрыто',
}

export const kktFaults: Record<keyof KktFaults, string> = {
  gone: 'Не отвечает',
  paper_out: 'Нет бумаги',
  paper_near_end: 'Бумага заканчивается',
  cover_open: 'Открыта крышка',
  printer_fault: 'Принтер неисправен',
  shift_expired: 'Смена дольше 24 часов',
  fn_full: 'ФН заполнен',
  fn_nearly_full: 'ФН заполнен на 90 %',
  fn_expired: 'Срок ФН истёк',
  fn_broken: 'ФН неисправен',
  fn_days_left: 'ФН закончится через 20 дней',
  unsent_for_days: 'ОФД молчит ещё 20 дней',
  not_registered: 'ККТ не зарегистрирована',
  busy: 'Трижды занята',
  slow_print_seconds: 'Печатает на 5 с дольше',
  clock_behind_seconds: 'Часы отстают на минуту',
  clock_ahead_seconds: 'Часы спешат на 5 минут',
  receipt_refused: 'Отказывает следующему чеку навсегда',
  reply_lost: 'Теряет следующий ответ',
  closing_reply_lost: 'Теряет ответ на закрытие смены',
  connection_lost: 'Обрывает следующее соединение',
  lookup_lost: 'Теряет ответ на запрос о чеке',
  task_lookup_untellable: 'Не знает, что стало с деньгами и отчётами',
  keeps_no_drawer_sum: 'Не считает деньги в ящике',
}
