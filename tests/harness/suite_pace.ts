import { sellsOnRegister } from './under_test.ts'

/**
 * Intervals in seconds, as the adapter's test control takes them. The suites wait for each of them many times, and would take a
 * quarter of an hour at the speed that suits a person who watches.
 */
export const SUITE_PACE = {
  odoo_heartbeat_interval: 0.05,
  circuit_breaker_timeout: 0.5,
  sync_interval: 0.2,
  kkt_print_delay_min: 0.001,
  // A register on the network has times of its own, and is asked for a result after 200 ms at the earliest.
  kkt_print_delay_max: sellsOnRegister ? 0.4 : 0.005,
  // Few tests are about a till that is answered before its receipt is printed. They shorten it.
  kkt_print_timeout: sellsOnRegister ? 10 : 5,
  ofd_timeout: 1,
}

/**
 * For suites whose OFD fails all the time: nothing in them has to happen before the breaker probes, and a late answer is only one
 * more fault.
 */
export const FAULTY_OFD_PACE = {
  circuit_breaker_timeout: 0.1,
  sync_interval: 0.05,
  ofd_timeout: 0.15,
} as const

/** Longer than any test, and each test renews it. Short enough that a killed run leaves no pace behind. */
export const PACE_TTL_SECONDS = 60
