import { registerAlerts } from '@kkt/pages/adapter/words/en_register.ts'
import { register } from '@kkt/pages/adapter/words/ru_register.ts'
import { diskFilling, kktSilent, odooAway, troubles } from '@kkt/pages/adapter/words/ru_states.ts'
import { type AdvisedCode, isAdvised } from '../../lease/redis_advice.ts'
import { deliveredByKkt } from '../buffer_status.ts'
import type { advice as enAdvice, alerts as enAlerts } from './en_alerts.ts'
import { problems } from './ru_problems.ts'

const sentences = ({ text, action }: { text: string; action: string }) => `${text} ${action}`

const REDIS_ADVICE: Readonly<Record<AdvisedCode, string>> = {
  WRONGPASS: 'Redis не принимает имя или пароль из REDIS_URL: исправьте их и перезапустите адаптер.',
  NOAUTH: 'Redis требует пароль, а в REDIS_URL его нет: впишите его и перезапустите адаптер.',
  NOPERM: 'Пользователю из REDIS_URL не хватает прав: дайте ему их в Redis.',
  READONLY: 'Этот Redis только для чтения, как у реплики: укажите в REDIS_URL тот, который пишет.',
  BADTOKEN: 'В ключе kkt:{KKT_ID}:token не число: удалите его.',
  CERTIFICATE_OF_UNKNOWN_AUTHORITY:
    'Сертификат Redis выдан центром, которому здесь не доверяют: укажите файл сертификата этого центра в REDIS_CA_FILE.',
  CERTIFICATE_EXPIRED: 'Сертификат Redis истёк: обновите его там или проверьте часы этого компьютера.',
  CERTIFICATE_NOT_YET_VALID: 'Сертификат Redis ещё не действует: проверьте часы этого компьютера.',
  CERTIFICATE_OF_ANOTHER_HOST: 'Сертификат Redis — другого сервера: укажите в REDIS_URL имя из этого сертификата.',
}

export const advice: typeof enAdvice = {
  onJournal: (code) => `${problems.journalAdvice(code)}.`,
  onRedis: (code) => (isAdvised(code) ? REDIS_ADVICE[code] : null),
}

export const alerts: typeof enAlerts = {
  journal_unusable({ health }) {
    const error = health?.components.database.error ?? null
    return `Чеки не принимаются: в журнал нельзя писать. ${error === null ? 'Подробности — в GET /v1/health.' : advice.onJournal(error)}`
  },
  disk_filling: () => sentences(diskFilling),
  kkt_silent: () => sentences(kktSilent),
  kkt_trouble: ({ health }) => sentences(troubles[health?.components.kkt.trouble ?? 'busy']),
  without_paper: () => 'Есть пробитые, но не напечатанные чеки. Вставьте бумагу в ККТ: они напечатаются сами.',
  unknown_outcomes: () =>
    'Ответ ККТ о чеке потерялся, следующие чеки ждут. Проверьте, что ККТ отвечает: адаптер спросит у неё, что стало с чеком.',
  ...registerAlerts(register, sentences),
  refused_by_kkt: () =>
    'ККТ отказала по многим чекам. Прочтите причину в GET /v1/kkt/receipts?status=refused и устраните её.',
  buffer_filling: () =>
    'Буфер заполняется. Когда он заполнится, кассы не смогут продавать. Восстановите связь с ОФД или работу ККТ: причина — в last_failure.',
  breaker_open: () =>
    'ОФД не принимает чеки, отправка приостановлена: причина — в last_failure. Чеки уйдут сами, когда ОФД заработает.',
  undelivered_for_minutes: ({ status }) =>
    deliveredByKkt(status)
      ? 'Документ ждёт в ФН больше 20 минут: ККТ не может передать его в ОФД. Проверьте, что у неё есть сеть.'
      : 'Документ ждёт ОФД больше 20 минут: причина — в last_failure или в last_error чека.',
  undelivered_for_days: () =>
    'Документ ждёт ОФД 3 дня. Через 30 дней ФН заблокируется, и магазин не сможет продавать. Восстановите связь с ОФД сейчас.',
  dead_letters: () =>
    'ОФД отклонил чеки: причины — в GET /v1/kkt/buffer/dlq. Отправьте их снова или исправьте и закройте.',
  corrections_half_done: () =>
    'ККТ пробила один чек исправления, а второй отклонила: причина — в GET /v1/kkt/receipts?status=refused. Отправьте отклонённую часть отдельно и закройте исправление.',
  nobody_sends: () => 'Никто не отправляет чеки этого буфера, и они ждут. Посмотрите sender_lease в GET /v1/health.',
  redis_trouble({ health }) {
    const error = health?.components.redis.error ?? null
    const remedy = error === null ? null : advice.onRedis(error)
    return `${remedy ?? `Redis не работает (${error}): почините его.`} Продажи идут.`
  },
  certificate_trouble({ health }) {
    const { error = null, expires_at = null } = health?.components.tls ?? {}
    if (error !== null)
      return `Обновлённый сертификат для касс не подходит, в работе прежний. Исправьте файлы: ${error}`
    return `Сертификат для касс истекает ${expires_at}. Обновите его файлы: через минуту они будут в работе.`
  },
  access_trouble: ({ health }) =>
    `Файл токенов не принят, действуют прежние токены. Исправьте файл: ${health?.components.access.error ?? 'подробности — в GET /v1/health.'}`,
  tills_trouble: ({ health }) =>
    `Файл TILLS_FILE не принят, действуют прежние настройки касс. Исправьте файл: ${health?.components.tills.error ?? 'подробности — в GET /v1/health.'}`,
  odoo_away: () => sentences(odooAway),
}
