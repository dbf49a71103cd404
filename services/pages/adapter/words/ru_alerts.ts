import { counted } from '@kkt/platform/language.ts'
import { createFormat } from '../../kit/format.ts'
import { type AlertName, deliveredByKkt, isFull, type Standing } from '../alerts.ts'
import { registerAlerts } from './en_register.ts'
import type { AlertWords } from './en_states.ts'
import { register } from './ru_register.ts'
import { diskFilling, heldBy, kktSilent, odooAway, troubles } from './ru_states.ts'

const format = createFormat('ru')
const receipts = (count: number) => counted('ru', count, { one: 'чек', few: 'чека', many: 'чеков', other: 'чека' })

function journalUnusable({ health }: Standing): AlertWords {
  const { error = null, advice = null } = health?.components.database ?? {}
  return {
    text: `В журнал нельзя писать${error === null ? '' : ` (${error})`}. Чеки не принимаются (ответ 503), принятые целы.`,
    action: advice ?? 'Проверьте диск с файлом BUFFER_DB_PATH.',
  }
}

function bufferFilling({ status }: Standing): AlertWords {
  const { current_queued: queued, total_capacity: capacity, percent_full: percent } = status
  if (isFull(status)) {
    return {
      text: `Буфер полон: ${receipts(queued)}. Кассы не могут продавать (ответ 503).`,
      action: 'Восстановите связь с ОФД или увеличьте BUFFER_MAX_SIZE и перезапустите адаптер.',
    }
  }
  return {
    text: `Буфер заполнен на ${format.percent(percent)}: ${queued} из ${capacity} чеков.`,
    action: 'Выясните, почему чеки ждут. Когда буфер заполнится, кассы не смогут продавать.',
  }
}

function breakerOpen({ status, inSeconds }: Standing): AlertWords {
  const { next_probe_at: next } = status.circuit_breaker
  const when = next === null ? '' : ` Следующая попытка через ${format.duration(inSeconds(next))}.`
  const why = status.last_failure === null ? '' : ` Последний сбой: ${status.last_failure.reason}.`
  return {
    text: `ОФД не принимает чеки, отправка приостановлена.${when}${why}`,
    action: `Проверьте сеть и OFD_API_URL. ${isFull(status) ? 'Чеки' : 'Продажи идут, чеки'} уйдут сами, когда ОФД заработает.`,
  }
}

function nobodySends({ status }: Standing): AlertWords {
  return {
    text: `Ждут отправки: ${receipts(status.pending)}; ${heldBy[status.sender_lease.held_by]}.`,
    action: 'Подождите, пока право отправки перейдёт сюда. Если не перейдёт, проверьте Redis и другой компьютер.',
  }
}

function redisTrouble({ health }: Standing): AlertWords {
  const error = health?.components.redis.error ?? null
  return {
    text: `Сбой Redis${error === null ? '' : ` (${error})`}. Право отправки пока хранится в журнале.`,
    action: 'Проверьте Redis и REDIS_URL. Продажи идут.',
  }
}

const certificateTrouble = ({ health }: Standing): AlertWords =>
  (health?.components.tls.error ?? null) === null
    ? {
        text: `Сертификат для касс скоро истекает${onDay(health?.components.tls.expires_at)}.`,
        action: 'Обновите файлы TLS_CERT_FILE и TLS_KEY_FILE: через минуту они будут в работе.',
      }
    : {
        text: 'Обновлённый сертификат для касс не подходит, в работе прежний.',
        action: `Исправьте файлы: ${health?.components.tls.error}`,
      }

const onDay = (at: string | null = null) => (at === null ? '' : `: ${at.slice(0, 10)}`)

const ageOf = ({ status }: Standing) => format.duration(status.oldest_pending_age_seconds ?? 0)

/** Each alert in words: the fault, and the action to take. */
export const alerts: Readonly<Record<AlertName, (standing: Standing) => AlertWords>> = {
  journal_unusable: journalUnusable,
  disk_filling: () => diskFilling,
  kkt_silent: () => kktSilent,
  kkt_trouble: ({ health }) => troubles[health?.components.kkt.trouble ?? 'busy'],
  without_paper: ({ status }) => ({
    text: `Фискализировано, но не напечатано: ${receipts(status.without_paper)}.`,
    action: 'Вставьте бумагу: чеки напечатаются сами.',
  }),
  unknown_outcomes: ({ status }) => ({
    text: `Ответ ККТ потерялся: ${receipts(status.unknown - status.untold)}. Следующие чеки ждут.`,
    action: 'Если ККТ отвечает, делать ничего не нужно: адаптер спросит у неё, что стало с чеком.',
  }),
  ...registerAlerts(register, (words) => words),
  refused_by_kkt: ({ status }) => ({
    text: `ККТ отказалась печатать: ${receipts(status.refused)}.`,
    action: 'Прочтите причину в последней ошибке чеков с отказом и устраните её.',
  }),
  buffer_filling: bufferFilling,
  breaker_open: breakerOpen,
  undelivered_for_minutes: (standing) => ({
    text: `Самый старый чек ждёт ОФД уже ${ageOf(standing)}.`,
    action: `${deliveredByKkt(standing) ? 'Проверьте, что у ККТ есть сеть' : 'Причина — в последнем сбое'}. Через 30 дней ФН блокируется, и магазин не сможет продавать.`,
  }),
  undelivered_for_days: (standing) => ({
    text: `Самый старый чек ждёт ОФД уже ${ageOf(standing)}.`,
    action: 'Восстановите связь с ОФД сейчас: через 30 дней ФН блокируется, и магазин не сможет продавать.',
  }),
  dead_letters: ({ status }) => ({
    text: `ОФД отклонил: ${receipts(status.dlq_size)}.`,
    action: 'Прочтите причины. Если дело было в ОФД, отправьте снова; если в чеке, оформите исправление и закройте.',
  }),
  corrections_half_done: ({ status }) => ({
    text: `ККТ пробила только один чек из исправлений, а второй отклонила: ${status.corrections_half_done}.`,
    action: 'Прочтите причину в отклонённых чеках. Отправьте отклонённую часть отдельно и закройте исправление.',
  }),
  nobody_sends: nobodySends,
  redis_trouble: redisTrouble,
  certificate_trouble: certificateTrouble,
  access_trouble: ({ health }) => ({
    text: 'Файл токенов не принят, действуют прежние токены.',
    action: `Исправьте файл: ${health?.components.access.error ?? 'путь к нему — в API_TOKENS_FILE.'}`,
  }),
  tills_trouble: ({ health }) => ({
    text: 'Файл TILLS_FILE не принят, действуют прежние настройки касс.',
    action: `Исправьте файл: ${health?.components.tills.error ?? 'путь к нему — в TILLS_FILE.'}`,
  }),
  odoo_away: () => odooAway,
}
