import { z } from 'zod'
import type { World } from '../world/world.ts'
import { inKopecks, type ShiftName, shiftName } from './books.ts'
import type { Shop } from './shop.ts'

/** A document in an FN, by the FN itself. */
export type Filed = { fn_number: string; fd_number: number; kind: string; shift_number: number }

/** All documents of all FNs that the register ever had. */
export const filedIn = ({ rig }: World): Filed[] =>
  rig.kktDisk.db
    .prepare<Filed>(
      `SELECT fn_number, fd_number, kind, shift_number FROM replaced_documents
       UNION ALL
       SELECT fn_number, fd_number, kind, documents.shift_number FROM documents, fn ORDER BY fn_number, fd_number`,
    )
    .all()

/** Each FN counts its documents of all kinds without a gap, and closes each shift at most once. */
export function faultsIn(filed: readonly Filed[]): string[] {
  const faults: string[] = []
  const [lastFd, closed] = [new Map<string, number>(), new Set<ShiftName>()]
  for (const { fn_number: fn, fd_number: fd, kind, shift_number: shift } of filed) {
    const before = lastFd.get(fn) ?? 0
    if (fd !== before + 1) faults.push(`in FN ${fn} document ${fd} follows document ${before}`)
    lastFd.set(fn, fd)
    if (kind !== 'shift_closing') continue
    if (closed.has(shiftName(fn, shift))) faults.push(`FN ${fn} closed shift ${shift} twice`)
    closed.add(shiftName(fn, shift))
  }
  return faults
}

const shiftPage = z.object({
  shifts: z.array(
    z.object({ fn_number: z.string(), number: z.int(), closed_at: z.string().nullable(), totals: z.unknown() }),
  ),
  next_cursor: z.string().nullable(),
})

/** The totals of the closings that the adapter lists, in kopecks. */
export async function closedShifts(shop: Shop): Promise<Map<ShiftName, unknown>> {
  const closed = new Map<ShiftName, unknown>()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: z.infer<typeof shiftPage> = shiftPage.parse(
      await shop.look(`/v1/kkt/shifts?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`),
    )
    for (const { fn_number: fn, number, closed_at, totals } of page.shifts) {
      if (closed_at !== null) closed.set(shiftName(fn, number), inKopecks(totals))
    }
    cursor = page.next_cursor
  }
  return closed
}
