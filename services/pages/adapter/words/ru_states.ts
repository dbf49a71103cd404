import type { DlqReason, EventKind, HeldBy, HostState, KktFaults, KktTrouble, Status } from '../wire.ts'
import type { AlertWords } from './en_states.ts'

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
  accepted: 'Записан в журнал. ККТ ещё не спрашивали.',
  printing: 'Передан в ККТ. Ответа ещё нет.',
  unknown: 'ККТ спросили, но её ответ потерялся. Исход узнают у ККТ, второй раз чек не печатают.',
  refused: 'ККТ не сделала фискальный документ. Больше с чеком ничего не будет.',
  pending: 'Напечатан. Ждёт передачи в ОФД.',
  syncing: 'Передан в ОФД. Ответа ещё нет.',
  synced: 'ОФД получил чек.',
  failed: 'ОФД отклонил этот чек. Дальше решает человек.',
  closed: 'Человек уладил дело иначе. Чек больше не отправляется.',
}

export const troubles: Record<KktTrouble, AlertWords> = {
  busy: { text: 'ККТ занята другой работой.', action: 'Подождите: её спросят снова.' },
  paper_out: { text: 'В ККТ кончилась бумага.', action: 'Вставьте бумагу. Чеки без бумаги напечатаются сами.' },
  shift_expired: {
    text: 'Смена ККТ открыта больше 24 часов.',
    action: 'Подождите: новая смена откроется сама. Если нет, закройте смену на ККТ.',
  },
  fn_full: { text: 'ФН переполнен: ККТ не принимает чеки.', action: 'Замените ФН. До этого кассы не могут продавать.' },
}

export const kktSilent: AlertWords = {
  text: 'ККТ не отвечает.',
  action: 'Проверьте её питание и кабель. Чеки пока хранятся.',
}

export const heldBy: Record<HeldBy, string> = {
  this_process: 'отправляет этот адаптер',
  another_process: 'отправляет другой процесс здесь',
  another_host: 'отправляет другой хост',
  nobody: 'никто не отправляет',
}

export const hosts: Record<HostState, string> = {
  off: 'других хостов нет',
  not_asked: 'Redis ещё не спрашивали',
  held: 'закреплено в Redis',
  yielding: 'передаёт другому',
  elsewhere: 'у другого хоста',
  refused: 'Redis отказывает',
  unreachable: 'Redis недоступен',
}

export const reasons: Record<DlqReason, string> = {
  refused_by_ofd: 'отклонён ОФД',
  retries_exhausted: 'слишком много неудач',
}

export const kinds: Record<EventKind, string> = {
  receipt: 'чек',
  breaker: 'предохранитель',
  lease: 'право отправки',
  odoo: 'Odoo',
}

export const kktFaults: Record<keyof KktFaults, string> = {
  gone: 'Не отвечает',
  paper_out: 'Нет бумаги',
  fn_full: 'ФН переполнен',
  shift_expired: 'Смена устарела',
  slow_print_seconds: 'Печатает на 5 с дольше',
  busy: 'Занята, 3 раза',
  reply_lost: 'Теряет следующий ответ',
  connection_lost: 'Рвёт следующее соединение',
  lookup_lost: 'Теряет ответ на запрос об исходе',
}
