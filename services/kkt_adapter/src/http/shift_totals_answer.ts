import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import { toRoubles } from '../domain/money.ts'
import type { Operation } from '../domain/operation.ts'
import type { Movements, OperationTotals, ShiftTotals } from '../domain/shift.ts'
import type { Drawer } from '../domain/task.ts'

const money = (description: string) => z.number().meta({ description: `${description}, in roubles` })

const operationTotals = z
  .object({
    count: whole.meta({ description: 'The number of receipts (tag 1135)' }),
    sum: money('The sum of the receipts (tag 1201)'),
    payments: z
      .object({
        cash: money('Paid in cash, without the change (tag 1136)'),
        card: money('Paid without cash (tag 1138)'),
        prepaid: money('Paid before (tag 1218)'),
        credit: money('To be paid later (tag 1219)'),
        other: money('Paid in another way (tag 1220)'),
      })
      .meta({ description: 'The sum by way of paying' }),
  })
  .meta({ id: 'OperationTotals' })

const operations = {
  sale: operationTotals.meta({ description: 'Sales' }),
  refund: operationTotals.meta({ description: 'Returns of sales' }),
  buy: operationTotals.meta({ description: 'Purchases by the shop' }),
  buy_refund: operationTotals.meta({ description: 'Returns of those' }),
}

const movements = (description: string) =>
  z
    .object({ count: whole.meta({ description: 'How many times' }), sum: money('The sum of them') })
    .meta({ description })

export const shiftTotals = z
  .object({
    ...operations,
    corrections: z
      .object({ count: whole.meta({ description: 'Corrections of all operations' }), ...operations })
      .meta({ description: 'Corrections, which count apart from receipts' }),
    cash_in: movements('Cash put into the drawer'),
    cash_out: movements('Cash taken out of the drawer'),
  })
  .meta({ id: 'ShiftTotals' })

const COUNTED_BY = {
  kkt: 'the KKT counts the cash itself',
  adapter: 'the KKT keeps no sum, and the adapter adds up what it knows of',
}

/** The drawer of an answer: null where nobody knows it. */
export const drawerFields = {
  drawer: z.number().nullable().meta({ description: 'The cash in the drawer, in roubles. Null: it is not known' }),
  drawer_counted_by: z
    .enum(['kkt', 'adapter'])
    .nullable()
    .meta({ description: `\`kkt\`: ${COUNTED_BY.kkt}. \`adapter\`: ${COUNTED_BY.adapter}. Null beside no drawer` }),
}

export const toWireDrawer = (drawer: Drawer | null) => ({
  drawer: drawer && toRoubles(drawer.kopecks),
  drawer_counted_by: drawer?.countedBy ?? null,
})

const wireOperation = ({ count, sumKopecks, payments }: OperationTotals) => ({
  count,
  sum: toRoubles(sumKopecks),
  payments: {
    cash: toRoubles(payments.cash),
    card: toRoubles(payments.card),
    prepaid: toRoubles(payments.prepaid),
    credit: toRoubles(payments.credit),
    other: toRoubles(payments.other),
  },
})

const wireOperations = (of: Record<Operation, OperationTotals>) => ({
  sale: wireOperation(of.sale),
  refund: wireOperation(of.refund),
  buy: wireOperation(of.buy),
  buy_refund: wireOperation(of.buy_refund),
})

const wireMovements = ({ count, sumKopecks }: Movements) => ({ count, sum: toRoubles(sumKopecks) })

export const toWireTotals = ({ receipts, corrections, cashIn, cashOut }: ShiftTotals): z.input<typeof shiftTotals> => ({
  ...wireOperations(receipts),
  corrections: {
    count: Object.values(corrections).reduce((sum, { count }) => sum + count, 0),
    ...wireOperations(corrections),
  },
  cash_in: wireMovements(cashIn),
  cash_out: wireMovements(cashOut),
})
