import { counted } from '@kkt/platform/language.ts'
import { createFormat } from '../../kit/format.ts'
import { type AlertName, deliveredByKkt, isFull, type Standing } from '../alerts.ts'
import { register, registerAlerts } from './en_register.ts'
import { type AlertWords, diskFilling, heldBy, kktSilent, odooAway, troubles } from './en_states.ts'

const format = createFormat('en')
const receipts = (count: number) => counted('en', count, { one: 'receipt', other: 'receipts' })

function journalUnusable({ health }: Standing): AlertWords {
  const { error = null, advice = null } = health?.components.database ?? {}
  return {
    text: `The journal cannot be written${error === null ? '' : ` (${error})`}. Tills get 503, and nothing is lost.`,
    action: advice ?? 'Check the disk that BUFFER_DB_PATH is on.',
  }
}

function bufferFilling({ status }: Standing): AlertWords {
  const { current_queued: queued, total_capacity: capacity, percent_full: percent } = status
  if (isFull(status)) {
    return {
      text: `The buffer is full: ${receipts(queued)}. Tills cannot sell (they get 503).`,
      action: 'Bring the OFD back, or raise BUFFER_MAX_SIZE and restart the adapter.',
    }
  }
  return {
    text: `The buffer is ${format.percent(percent)} full: ${queued} of ${capacity} receipts.`,
    action: 'See why receipts wait. When it is full, tills cannot sell.',
  }
}

function breakerOpen({ status, inSeconds }: Standing): AlertWords {
  const { next_probe_at: next } = status.circuit_breaker
  const when = next === null ? '' : ` It is tried again in ${format.duration(inSeconds(next))}.`
  const why = status.last_failure === null ? '' : ` Last failure: ${status.last_failure.reason}.`
  return {
    text: `The OFD fails, so nothing is sent to it.${when}${why}`,
    action: `Look at the network and at OFD_API_URL. ${isFull(status) ? 'All' : 'Sales go on, and all'} is sent when the OFD is back.`,
  }
}

function nobodySends({ status }: Standing): AlertWords {
  return {
    text: `${receipts(status.pending)} wait, and ${heldBy[status.sender_lease.held_by]}.`,
    action: 'Wait for the lease to pass. If it does not, look at Redis and at the other host.',
  }
}

function redisTrouble({ health }: Standing): AlertWords {
  const error = health?.components.redis.error ?? null
  return {
    text: `Redis fails${error === null ? '' : ` (${error})`}. The journal’s lease goes on by itself.`,
    action: 'Look at Redis and at REDIS_URL. Sales go on.',
  }
}

const certificateTrouble = ({ health }: Standing): AlertWords =>
  (health?.components.tls.error ?? null) === null
    ? {
        text: `The certificate for tills ends soon${onDay(health?.components.tls.expires_at)}.`,
        action: 'Renew the files of TLS_CERT_FILE and TLS_KEY_FILE: they are served within a minute.',
      }
    : {
        text: 'The renewed certificate for tills does not fit, and the earlier one is served.',
        action: `${health?.components.tls.error}`,
      }

const onDay = (at: string | null = null) => (at === null ? '' : `, on ${at.slice(0, 10)}`)

const ageOf = ({ status }: Standing) => format.duration(status.oldest_pending_age_seconds ?? 0)

/** Each alert in words: the fault, and the action to take. */
export const alerts: Readonly<Record<AlertName, (standing: Standing) => AlertWords>> = {
  journal_unusable: journalUnusable,
  disk_filling: () => diskFilling,
  kkt_silent: () => kktSilent,
  kkt_trouble: ({ health }) => troubles[health?.components.kkt.trouble ?? 'busy'],
  without_paper: ({ status }) => ({
    text: `${receipts(status.without_paper)} fiscalised, and not on paper.`,
    action: 'Put paper in: they are printed by themselves.',
  }),
  unknown_outcomes: ({ status }) => ({
    text: `The KKT’s answer about ${receipts(status.unknown - status.untold)} got lost. Receipts behind wait.`,
    action: 'Nothing, while the KKT answers: it is asked what became of them.',
  }),
  ...registerAlerts(register, (words) => words),
  refused_by_kkt: ({ status }) => ({
    text: `The KKT has refused ${receipts(status.refused)}.`,
    action: 'Read why in the last error of the refused receipts, and mend the cause.',
  }),
  buffer_filling: bufferFilling,
  breaker_open: breakerOpen,
  undelivered_for_minutes: (standing) => ({
    text: `The oldest receipt has waited for the OFD for ${ageOf(standing)}.`,
    action: `${deliveredByKkt(standing) ? 'See that the KKT has a network' : 'The last failure says why'}. After 30 days the FN blocks, and the shop cannot sell.`,
  }),
  undelivered_for_days: (standing) => ({
    text: `The oldest receipt has waited for the OFD for ${ageOf(standing)}.`,
    action: 'Mend the way to the OFD now: after 30 days the FN blocks, and the shop cannot sell.',
  }),
  dead_letters: ({ status }) => ({
    text: `${receipts(status.dlq_size)} refused by the OFD.`,
    action: 'Read each reason. Requeue it if the OFD is mended, or correct it and close it.',
  }),
  corrections_half_done: ({ status }) => ({
    text: `The KKT has made one receipt of its corrections and refused the other: ${status.corrections_half_done}.`,
    action: 'Read why in the refused receipts. Send the refused part by itself, then close the correction.',
  }),
  nobody_sends: nobodySends,
  redis_trouble: redisTrouble,
  certificate_trouble: certificateTrouble,
  access_trouble: ({ health }) => ({
    text: 'The file of the tokens is not taken, and the earlier tokens hold on.',
    action: health?.components.access.error ?? 'Mend the file of API_TOKENS_FILE.',
  }),
  tills_trouble: ({ health }) => ({
    text: 'The file of TILLS_FILE is not used, and the earlier settings of the tills hold on.',
    action: health?.components.tills.error ?? 'Mend the file of TILLS_FILE.',
  }),
  odoo_away: () => odooAway,
}
