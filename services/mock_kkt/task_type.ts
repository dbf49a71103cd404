import { z } from 'zod'

const typed = z.object({ type: z.string() })

/** The task's type; empty where it names none. */
export const typeOf = (task: unknown): string => typed.safeParse(task).data?.type ?? ''
