/** Provokes each outcome of the shift, of cash and of the other tasks of the KKT. */
import { NOBODY as BY_ITSELF } from '@kkt/adapter/src/domain/actor.ts'
import { MOST_WAITING } from '@kkt/adapter/src/journal/tasks.ts'
import { ask, NOBODY, ready, refusedReceipt, start } from './adapter_app.ts'
import type { Provoke, Table } from './provoked.ts'
import {
  CASH_OUT,
  CLOSINGS,
  COPY,
  OPEN,
  SALES,
  SETTLE,
  SHIFT,
  SHIFT_SLIP,
  SUBMITTING,
  TASK,
  TASK_SLIP,
  X_REPORT,
} from './shift_app.ts'

const withoutAnswer = (route: string) => async () => {
  const app = await ready(route)
  Object.assign(app.kkt, { state: async () => null, shiftReport: async () => null })
  return ask(app, route, app.parameters)
}

/** The outcomes of every route that has the KKT do something. */
const submitting = (route: string): Record<string, Provoke> => ({
  async 202() {
    const app = await ready(route)
    app.kkt.onPerform = () => new Promise(() => undefined)
    const answer = ask(app, route, app.parameters)
    await app.clock.advance(app.deps.printTimeoutMs)
    return answer
  },
  async idempotency_key_reused() {
    const app = await ready(route)
    const other = route === X_REPORT ? COPY : X_REPORT
    await ask(app, other, app.parameters, 'one')
    return ask(app, route, app.parameters, 'one')
  },
  async task_refused() {
    const app = await ready(route)
    app.kkt.onPerform = async () => ({ kind: 'refused', isLasting: true, reason: 'no cashier is logged in' })
    return ask(app, route, app.parameters)
  },
  async too_many_tasks() {
    const app = await ready(route)
    for (let n = 0; n < MOST_WAITING; n++)
      await app.deps.journal.write((tx) => tx.acceptTask({ work: { kind: 'x_report' }, key: null }, BY_ITSELF))
    return ask(app, route, app.parameters)
  },
  async shutting_down() {
    const app = await ready(route)
    app.state.isStopping = true
    return ask(app, route, app.parameters)
  },
})

const closing = (route: string): Record<string, Provoke> => ({
  ...submitting(route),
  kkt_silent: withoutAnswer(route),
  async shift_closed() {
    const app = await ready(route)
    app.kkt.shift = { kind: 'closed', number: 1 }
    return ask(app, route, app.parameters)
  },
})

const inOtherForms = (route: string): Record<string, Provoke> => {
  const inForm = (format: string) => async () => {
    const app = await ready(route)
    const path = (route.split(' ')[1] ?? '').replaceAll(/\{(\w+)\}/g, (_, name: string) => app.parameters[name] ?? '')
    return app.send('GET', `${path}?format=${format}`)
  }
  return { '200 text/html': inForm('html'), '200 application/octet-stream': inForm('escpos') }
}

const unknownTask = (route: string) => async () => ask(start(), route, { task_id: NOBODY })

export const shiftTable: Table = {
  ...Object.fromEntries(SUBMITTING.map((route) => [route, submitting(route)])),
  ...Object.fromEntries(CLOSINGS.map((route) => [route, closing(route)])),
  [OPEN]: {
    ...submitting(OPEN),
    kkt_silent: withoutAnswer(OPEN),
    shift_open: () => ask(start(), OPEN, {}),
    async shift_expired() {
      const app = start()
      app.kkt.shift = { kind: 'expired', number: 1, openedAtMs: 0, expiresAtMs: 1 }
      return ask(app, OPEN, {})
    },
  },
  [CASH_OUT]: {
    ...submitting(CASH_OUT),
    async drawer_too_low() {
      const app = start()
      app.kkt.drawerKopecks = 0
      return ask(app, CASH_OUT, {})
    },
  },
  [COPY]: {
    ...submitting(COPY),
    receipt_not_found: () => ask(start(), COPY, { receipt_id: NOBODY }),
    async no_fiscal_document() {
      const app = await refusedReceipt()
      return ask(app, COPY, { receipt_id: app.receiptId })
    },
  },
  [SHIFT]: { kkt_silent: withoutAnswer(SHIFT) },
  [SALES]: { kkt_silent: withoutAnswer(SALES) },
  [SHIFT_SLIP]: {
    ...inOtherForms(SHIFT_SLIP),
    shift_not_found: async () => ask(start(), SHIFT_SLIP, { fn_number: '9999000000000001', number: '1' }),
  },
  [TASK]: { task_not_found: unknownTask(TASK) },
  [TASK_SLIP]: {
    ...inOtherForms(TASK_SLIP),
    task_not_found: unknownTask(TASK_SLIP),
    async no_slip() {
      const app = await ready(SETTLE)
      return ask(app, TASK_SLIP, app.parameters)
    },
  },
  [SETTLE]: {
    task_not_found: unknownTask(SETTLE),
    async task_not_unclear() {
      const app = await ready(TASK)
      return ask(app, SETTLE, app.parameters)
    },
  },
}
