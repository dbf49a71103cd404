/** The OFD's treatment of a request: its effect and its answer. */
export type Conduct = {
  effect: 'now' | 'late' | 'none'
  /** The answer's `Retry-After`, in seconds. */
  retryAfter?: number
  answer: Manner
}

/**
 * The manner of an answer, or its status.
 * - `of_another`: with the state of another receipt, as from a cache that mixes up its keys;
 * - `page`: by a proxy that does not know the route;
 * - `twice`: properly, and again to the next request of the same process, as on a kept-alive connection.
 */
export type Manner =
  | 'proper'
  | 'slow'
  | 'silence'
  | 'reset'
  | 'cut'
  | 'unreadable'
  | 'unreachable'
  | 'of_another'
  | 'page'
  | 'twice'
  | 500
  | 503
  | 401
  | 429

export const OFD_FAULTS = {
  unavailable: { effect: 'none', answer: 503 },
  unreachable: { effect: 'none', answer: 'unreachable' },
  unavailable_for_a_while: { effect: 'none', answer: 503, retryAfter: 4 },
  too_many_for_a_while: { effect: 'none', answer: 429, retryAfter: 1 },
  unauthorised: { effect: 'none', answer: 401 },
  too_many_requests: { effect: 'none', answer: 429 },
  silence: { effect: 'none', answer: 'silence' },
  reset: { effect: 'none', answer: 'reset' },
  effect_then_silence: { effect: 'now', answer: 'silence' },
  effect_then_reset: { effect: 'now', answer: 'reset' },
  effect_then_cut: { effect: 'now', answer: 'cut' },
  effect_then_error: { effect: 'now', answer: 500 },
  effect_then_unreadable: { effect: 'now', answer: 'unreadable' },
  slow: { effect: 'now', answer: 'slow' },
  /** The OFD goes on working after its client has given up. */
  late_effect: { effect: 'late', answer: 'silence' },
  reset_then_late_effect: { effect: 'late', answer: 'reset' },
  mixed_up: { effect: 'none', answer: 'of_another' },
  effect_then_mixed_up: { effect: 'now', answer: 'of_another' },
  proxy_page: { effect: 'none', answer: 'page' },
  second_answer: { effect: 'now', answer: 'twice' },
} as const satisfies Record<string, Conduct>
export type OfdFault = keyof typeof OFD_FAULTS
