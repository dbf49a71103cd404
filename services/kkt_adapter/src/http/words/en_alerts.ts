import { register, registerAlerts } from '@kkt/pages/adapter/words/en_register.ts'
import { type AlertWords, diskFilling, kktSilent, odooAway, troubles } from '@kkt/pages/adapter/words/en_states.ts'
import { redisAdvice } from '../../lease/redis_advice.ts'
import type { AlertName, Standing } from '../alerts.ts'
import { deliveredByKkt } from '../buffer_status.ts'
import { problems } from './en_problems.ts'

const sentences = ({ text, action }: AlertWords) => `${text} ${action}`

/** The remedy in the health for what is wrong with the journal or with Redis, by its code. Null where it is not known. */
export const advice = {
  onJournal: (code: string) => `${problems.journalAdvice(code)}.`,
  onRedis: redisAdvice,
}

/**
 * Each alert in words: the fault, and the action to take. Its numbers stand still, because an alert is told again when its
 * words change. Those without any are the pages' own.
 */
export const alerts: Readonly<Record<AlertName, (standing: Standing) => string>> = {
  journal_unusable({ health }) {
    const error = health?.components.database.error ?? null
    return `No receipt is taken: the journal cannot be written. ${error === null ? 'See GET /v1/health.' : advice.onJournal(error)}`
  },
  disk_filling: () => sentences(diskFilling),
  kkt_silent: () => sentences(kktSilent),
  kkt_trouble: ({ health }) => sentences(troubles[health?.components.kkt.trouble ?? 'busy']),
  without_paper: () => 'Fiscalised receipts are not on paper: put paper into the KKT. Then they are printed.',
  unknown_outcomes: () =>
    'The KKT has not said what became of a receipt. It is looked up there; see that the KKT answers.',
  ...registerAlerts(register, sentences),
  refused_by_kkt: () =>
    'The KKT has refused many receipts: GET /v1/kkt/receipts?status=refused says why. Mend the cause.',
  buffer_filling: () =>
    'The buffer is above its threshold, and when it is full tills get 503: mend the way to the OFD or the KKT, as last_failure says.',
  breaker_open: () =>
    'Nothing is sent, because the OFD does not take receipts: last_failure says why. It goes on by itself once a probe gets through.',
  undelivered_for_minutes: ({ status }) =>
    deliveredByKkt(status)
      ? 'A document has waited in the FN for more than 20 minutes: the KKT does not get through to the OFD. See that it has a network.'
      : 'A document has waited for the OFD for more than 20 minutes: last_failure, or last_error of the receipt, says why.',
  undelivered_for_days: () =>
    'A document has waited for the OFD for 3 days. After 30 the FN signs nothing more: mend the way to the OFD.',
  dead_letters: () =>
    'The OFD refused receipts: GET /v1/kkt/buffer/dlq says why. Requeue them, or correct and close them.',
  corrections_half_done: () =>
    'The KKT has refused one receipt of a correction and made the other: GET /v1/kkt/receipts?status=refused says why. Send the refused part by itself, then close the correction.',
  nobody_sends: () => 'No process on this buffer may send receipts, so they wait: see sender_lease in GET /v1/health.',
  redis_trouble({ health }) {
    const error = health?.components.redis.error ?? null
    const remedy = error === null ? null : advice.onRedis(error)
    return `${remedy ?? `Redis cannot be used (${error}): mend it.`} Receipts are still taken.`
  },
  certificate_trouble({ health }) {
    const { error = null, expires_at = null } = health?.components.tls ?? {}
    return (
      error ?? `The certificate for tills ends at ${expires_at}: renew its files. New ones are served within a minute.`
    )
  },
  access_trouble: ({ health }) =>
    `${health?.components.access.error ?? 'The file of the tokens is not taken.'} The earlier tokens hold on.`,
  tills_trouble: ({ health }) =>
    `${health?.components.tills.error ?? 'The file of TILLS_FILE is not used.'} The earlier settings hold on.`,
  odoo_away: () => sentences(odooAway),
}
