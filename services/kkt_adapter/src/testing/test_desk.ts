import { createTaskDesk } from '../printing/task_desk.ts'

type Parts = Parameters<typeof createTaskDesk>[0]

/** A desk over the parts that the test has. No time is set at which shifts are closed. */
export const testDesk = (parts: Omit<Parts, 'settings'>) =>
  createTaskDesk({ ...parts, settings: { closeAt: null, timeZone: 'Europe/Moscow' } })
