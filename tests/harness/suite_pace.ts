/**
 * The suites wait many times over for each of these to pass: at the speed that suits a person who watches, they would take a
 * quarter of an hour. In seconds, as the adapter's test control takes them.
 */
export const SUITE_PACE = {
  odoo_heartbeat_interval: 0.05,
  circuit_breaker_timeout: 0.5,
  sync_interval: 0.2,
  kkt_print_delay_min: 0.001,
  kkt_print_delay_max: 0.005,
  kkt_print_timeout: 1,
  ofd_timeout: 1,
} as const

/**
 * For suites whose OFD fails all the time: nothing there has to happen before an open breaker probes by itself, and an answer
 * that is late is only one more fault.
 */
export const FAULTY_OFD_PACE = {
  circuit_breaker_timeout: 0.1,
  sync_interval: 0.05,
  ofd_timeout: 0.15,
} as const

/** Longer than any test takes, which each renews it; short enough that a run which was killed leaves no pace of its own behind. */
export const PACE_TTL_SECONDS = 60
