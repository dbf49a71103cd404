import { type Conditions, conditionFault } from './conditions.ts'

export const printerFault = (conditions: Conditions) =>
  conditionFault(conditions, {
    name: 'printer_fault',
    summary: 'The printer is out of order: no document is made, and tasks end with error 46.',
    condition: { printer_fault: true },
  })
