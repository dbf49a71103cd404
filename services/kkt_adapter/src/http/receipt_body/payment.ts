import { z } from 'zod'
import { PAYMENT_TYPES, type Payment } from '../../domain/payment.ts'
import { oneOf, someRoubles } from './fields.ts'

export const payment = z
  .strictObject({
    type: oneOf(PAYMENT_TYPES, 'The way of paying (tags 1031, 1081, 1215, 1216, 1217)'),
    amount: someRoubles('The sum paid in this way. Cash may include the change'),
  })
  .transform(({ type, amount }): Payment => ({ type, amountKopecks: amount }))
  .meta({ id: 'Payment' })
