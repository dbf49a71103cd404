import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import { KKT_TROUBLES, PAPER_SUPPLIES } from '../domain/kkt.ts'
import { FN_FLAG_NAMES } from '../domain/shift.ts'
import { TAXATION_SYSTEMS } from '../domain/taxation.ts'

const SILENT = 'Null when it does not answer'
const UNREADABLE = 'Null when the journal cannot be read'
const isoTime = z.iso.datetime()

/** The cash register. All are null when it does not answer. */
const device = {
  kkt_number: z
    .string()
    .nullable()
    .meta({ description: `The number of the cash register. ${SILENT}` }),
  shift_number: whole.nullable().meta({ description: `The number of its shift; 0 before the first. ${SILENT}` }),
  last_fiscal_doc_number: whole.nullable().meta({ description: `The number of its last document. ${SILENT}` }),
  trouble: z.enum(KKT_TROUBLES).nullable().meta({ description: 'The reason why it does not print. Null without one' }),
  shift_state: z
    .enum(['closed', 'opened', 'expired'])
    .nullable()
    .meta({ description: `\`expired\`: open for more than 24 hours, so that it takes no receipt. ${SILENT}` }),
  shift_expires_at: isoTime.nullable().meta({ description: 'When 24 hours are over. Null while no shift is open' }),
  shift_closes_at: isoTime
    .nullable()
    .meta({ description: 'When the adapter closes the shift by itself. Null while no shift is open' }),
  shift_ends_soon: z.boolean().meta({ description: 'Whether that is within an hour' }),
  clock_drift_seconds: whole
    .nullable()
    .meta({ description: `How far its clock is ahead of the adapter's; below 0: behind. ${SILENT}` }),
  paper: z
    .enum(PAPER_SUPPLIES)
    .nullable()
    .meta({ description: `Its supply of paper. ${SILENT}` }),
  ffd_version: z
    .string()
    .nullable()
    .meta({ description: `The version of the format of its documents. ${SILENT}` }),
  registration_number: z
    .string()
    .nullable()
    .meta({ description: `Its number at the tax service (РНМ). ${SILENT}` }),
  serial_number: z
    .string()
    .nullable()
    .meta({ description: `Its serial number (ЗН). ${SILENT}` }),
  taxation_systems: z
    .array(z.enum(TAXATION_SYSTEMS))
    .nullable()
    .meta({ description: `With which it is registered. ${SILENT}` }),
}

/** Its fiscal memory. */
const fn = {
  fn_number: z
    .string()
    .nullable()
    .meta({ description: `The number of its fiscal memory. ${SILENT}` }),
  fn_valid_until: z
    .string()
    .nullable()
    .meta({ description: `The day on which the FN ends, \`yyyy-mm-dd\`. ${SILENT}` }),
  fn_days_left: whole.nullable().meta({ description: `Whole days until then. ${SILENT}` }),
  fn_flags: z
    .array(z.enum(FN_FLAG_NAMES))
    .nullable()
    .meta({
      description: `The FN's warnings; it still signs with them. \`ofd_silent\`: the OFD has not confirmed in time. ${SILENT}`,
    }),
  unsent_count: whole.nullable().meta({ description: `Documents that the OFD has not confirmed. ${SILENT}` }),
  unsent_since: isoTime.nullable().meta({ description: 'The time of the first of them. Null without one' }),
  days_left: whole.nullable().meta({
    description:
      'Days until the FN signs nothing more, because the first of them is 30 days old; 0 when it is. Null without one',
  }),
  replaced_fn: z
    .string()
    .nullable()
    .meta({ description: 'The FN in the place of which this one was found within 24 hours. Null without one' }),
  fn_replaced_at: isoTime.nullable().meta({ description: 'When it was found there. Null without one' }),
}

/** The state of the cash register, of its FN, and of what was handed to them. */
export const kktFields = {
  mode: z
    .enum(['mock', 'real'])
    .meta({ description: '`mock`: the documents are tests, and no buyer gets a fiscal receipt' }),
  ...device,
  ...fn,
  unknown_outcomes: whole.nullable().meta({
    description: `Receipts whose outcome at the KKT is not known yet. ${UNREADABLE}`,
  }),
  untold: whole.nullable().meta({
    description: `Of these, those of which no look-up tells the outcome: an operator has to settle them. ${UNREADABLE}`,
  }),
  unclear_tasks: whole.nullable().meta({
    description: `Tasks of which nothing tells whether they were done: an operator has to settle them. ${UNREADABLE}`,
  }),
  without_paper: whole.nullable().meta({ description: `Documents that did not come out on paper. ${UNREADABLE}` }),
}
