/**
 * The suites wait many times over for each of these to pass: at the speed that suits a person who watches, they would take a
 * quarter of an hour. In seconds, as the adapter's test control takes them.
 */
export const SUITE_PACE = {
  odoo_heartbeat_interval: 0.07,
  circuit_breaker_timeout: 0.5,
  sync_interval: 0.2,
  kkt_print_delay_min: 0.002,
  kkt_print_delay_max: 0.01,
  kkt_print_timeout: 1,
  ofd_timeout: 0.35,
} as const

/** Longer than any test takes, which each renews it; short enough that a run which was killed leaves no pace of its own behind. */
export const PACE_TTL_SECONDS = 60
