import type { Fault } from './fault.ts'
import { acceptedThenRejected } from './faults/accepted_then_rejected.ts'
import { clockSkew } from './faults/clock_skew.ts'
import { conflictOnDuplicate } from './faults/conflict_on_duplicate.ts'
import { deadConnections } from './faults/dead_connections.ts'
import { deduplicate } from './faults/deduplicate.ts'
import { delay } from './faults/delay.ts'
import { dribble } from './faults/dribble.ts'
import { effectDelay } from './faults/effect_delay.ts'
import { effectThenCut } from './faults/effect_then_cut.ts'
import { effectThenError } from './faults/effect_then_error.ts'
import { effectThenSilence } from './faults/effect_then_silence.ts'
import { empty200 } from './faults/empty_200.ts'
import { errorIn200 } from './faults/error_in_200.ts'
import { expiredToken } from './faults/expired_token.ts'
import { failureCount } from './faults/failure_count.ts'
import { finMidBody } from './faults/fin_mid_body.ts'
import { halfOpen } from './faults/half_open.ts'
import { hang } from './faults/hang.ts'
import { htmlWith200 } from './faults/html_with_200.ts'
import { judge } from './faults/judge.ts'
import { lookupMixedUp } from './faults/lookup_mixed_up.ts'
import { lookupNotRouted } from './faults/lookup_not_routed.ts'
import { malformedJson } from './faults/malformed_json.ts'
import { permanentFailure } from './faults/permanent_failure.ts'
import { rateQuota } from './faults/rate_quota.ts'
import { refuse } from './faults/refuse.ts'
import { refuseToAccept } from './faults/refuse_to_accept.ts'
import { resetAfterEffect } from './faults/reset_after_effect.ts'
import { resetBeforeEffect } from './faults/reset_before_effect.ts'
import { secondAnswer } from './faults/second_answer.ts'
import { slowStart } from './faults/slow_start.ts'
import { tooManyRequests } from './faults/too_many_requests.ts'
import { unavailable } from './faults/unavailable.ts'
import { wrongContentType } from './faults/wrong_content_type.ts'
import { wrongSchema } from './faults/wrong_schema.ts'

const outages = [
  permanentFailure,
  failureCount,
  refuseToAccept,
  unavailable,
  tooManyRequests,
  rateQuota,
  expiredToken,
  hang,
]
const lateness = [effectDelay, delay, slowStart]
const connections = [deadConnections, halfOpen, secondAnswer]
const wrongAnswers = [malformedJson, htmlWith200, wrongContentType, wrongSchema, empty200, errorIn200]
const lostAnswers = [
  effectThenSilence,
  effectThenError,
  effectThenCut,
  resetBeforeEffect,
  resetAfterEffect,
  finMidBody,
  dribble,
]

/**
 * Faults for any service. Several may strike one call, in this order within each stage, until one ends the call. So the
 * faults that wait or change the answer come before those that end it.
 */
export const serviceFaults: readonly Fault[] = [
  ...outages,
  ...lateness,
  clockSkew,
  ...connections,
  ...wrongAnswers,
  ...lostAnswers,
]

/** `serviceFaults` and the faults about single receipts. Faults that refuse a receipt come before those that wait. */
export const receiptFaults: readonly Fault[] = [
  ...outages,
  refuse,
  ...serviceFaults.slice(outages.length),
  deduplicate,
  conflictOnDuplicate,
  judge,
  acceptedThenRejected,
  lookupNotRouted,
  lookupMixedUp,
]
