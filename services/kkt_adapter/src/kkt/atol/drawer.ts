import { z } from 'zod'
import { kopecks } from './answer_forms.ts'

const answer = z.object({ counters: z.object({ cashSum: kopecks }) })

/** @param told the result of `cashIn` or `cashOut`. @returns the cash in the drawer after it; null where it is not told */
export const drawerAfter = (told: unknown): number | null => answer.safeParse(told).data?.counters.cashSum ?? null
