import type { JournalLease } from './journal_lease.ts'
import type { HostState, SenderLease } from './sender_lease.ts'

/** The holder of the right to send for the KKT, as this process sees it. */
export type LeaseState = {
  heldBy: 'this_process' | 'another_process' | 'another_host' | 'nobody'
  /** Grows with every change of holder among the processes on this buffer. */
  epoch: number
  /** Null unless this process may send. */
  fencingToken: number | null
  hosts: HostState
}

/**
 * @param sender null where the KKT delivers by itself: who drives it also records what it has delivered
 * @throws StorageFailure
 */
export function readLeaseState(own: JournalLease, sender: SenderLease | null): LeaseState {
  const { holder, epoch } = own.state
  const fencingToken = (sender ?? own).token()
  const hosts = sender?.hostState ?? 'off'
  return { heldBy: heldBy(), epoch, fencingToken, hosts }

  function heldBy(): LeaseState['heldBy'] {
    if (fencingToken !== null || hosts === 'yielding') return 'this_process'
    if (own.token() === null) return holder === null || holder === own.self ? 'nobody' : 'another_process'
    return hosts === 'elsewhere' ? 'another_host' : 'nobody'
  }
}
