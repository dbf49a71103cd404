import type { Health } from '../wire.ts'
import type { AlertWords } from './en_states.ts'

type Kkt = Health['components']['kkt']

/** The days of the OFD's silence after which a person is told again. After 30 the FN signs nothing more. */
const SILENT_DAYS = [3, 10, 20, 25]
const UNSENT_LIMIT_DAYS = 30

/** @param daysLeft until the FN signs nothing more @returns the days of silence to tell of */
export const silentDays = (daysLeft: number | null): number =>
  SILENT_DAYS.findLast((days) => UNSENT_LIMIT_DAYS - (daysLeft ?? UNSENT_LIMIT_DAYS) >= days) ?? 3

/** From so many days of silence on, a person has to act today. */
export const isUrgent = (days: number): boolean => days >= 20

/** A value of the register with words before it. Nothing where it is not known. */
export const named = (kkt: Kkt | null, words: string, name: 'replaced_fn' | 'fn_number' | 'fn_valid_until'): string => {
  const value = kkt?.[name] ?? null
  return value === null ? '' : `, ${words} ${value}`
}

/** The alerts of the register and its FN in words, of the adapter and of its pages. */
export const register = {
  paper_near_end: (_kkt: Kkt | null): AlertWords => ({
    text: 'The KKT is nearly out of paper.',
    action: 'Have a new roll at hand.',
  }),
  receipts_untold: (_kkt: Kkt | null): AlertWords => ({
    text: 'The KKT cannot tell whether it made the documents of some receipts: their FN was replaced, or it holds several that may be theirs.',
    action:
      'List them with GET /v1/kkt/receipts?untold=true, look for them on paper or in the cabinet of the OFD, and say it with POST /v1/kkt/receipt/{receipt_id}/settle.',
  }),
  receipts_untraced: (_kkt: Kkt | null): AlertWords => ({
    text: 'Printed receipts are in an FN that was replaced before the KKT told that the OFD holds them. It cannot tell that any more.',
    action:
      'Their fn_number is in GET /v1/kkt/receipts?status=pending. Look for them in the cabinet of the OFD, see to it that those which are missing reach the tax service, and say how it was settled with POST /v1/kkt/buffer/untraced/close.',
  }),
  tasks_unclear: (_kkt: Kkt | null): AlertWords => ({
    text: 'It is not known whether the KKT has done a task, such as taking cash in or out.',
    action:
      'List them with GET /v1/kkt/tasks?status=unclear, look at the paper and count the drawer, and say it with POST /v1/kkt/task/{task_id}/settle.',
  }),
  fn_replaced: (kkt: Kkt | null): AlertWords => ({
    text: `Within the last day another FN was put into the KKT${named(kkt, 'in the place of', 'replaced_fn')}${named(kkt, 'and its number is', 'fn_number')}.`,
    action: 'Nothing, if a person did it: where the adapter delivers, the documents of the old one go first.',
  }),
  fn_ends_in_30_days: (kkt: Kkt | null): AlertWords => ({
    text: `The FN ends within 30 days${named(kkt, 'the last one is', 'fn_valid_until')}. After that tills cannot sell.`,
    action: 'Order a new one now, and settle a day for putting it in.',
  }),
  fn_ends_in_3_days: (kkt: Kkt | null): AlertWords => ({
    text: `The FN ends within 3 days${named(kkt, 'the last one is', 'fn_valid_until')}. After that tills cannot sell.`,
    action: 'Have it replaced at once.',
  }),
  fn_nearly_full: (_kkt: Kkt | null): AlertWords => ({
    text: 'The FN is 90 % full. Once it is full tills cannot sell.',
    action: 'Order a new one now, and settle a day for putting it in.',
  }),
  ofd_confirms_nothing(kkt: Kkt | null): AlertWords {
    const days = silentDays(kkt?.days_left ?? null)
    return {
      text: `The OFD has not confirmed a document of the FN for ${days} days. After 30 the FN signs nothing more, and tills cannot sell.`,
      action: `Mend the way to the OFD${isUrgent(days) ? ' today' : ''}.`,
    }
  },
  clock_drifts: (_kkt: Kkt | null): AlertWords => ({
    text: 'The clock of the KKT is more than 2 minutes off. By law 5 are the most.',
    action: 'Close the shift, then set its clock right. If the clock of the adapter is wrong, set that.',
  }),
  clock_wrong: (_kkt: Kkt | null): AlertWords => ({
    text: 'The clock of the KKT is more than 5 minutes off: its documents have a wrong time.',
    action: 'Close the shift, then set its clock right. If the clock of the adapter is wrong, set that.',
  }),
  shift_ends_soon: (_kkt: Kkt | null): AlertWords => ({
    text: 'The adapter closes the shift by itself within an hour.',
    action: 'Nothing. Close it before if that suits better.',
  }),
}

type OfRegister<Text> = (standing: { health: { components: { kkt: Kkt } } | null }) => Text

/** The register's alerts, which the adapter and its pages tell in forms of their own. */
export function registerAlerts<Text>(words: typeof register, tell: (words: AlertWords) => Text) {
  const of =
    (name: keyof typeof register): OfRegister<Text> =>
    ({ health }) =>
      tell(words[name](health?.components.kkt ?? null))
  return {
    paper_near_end: of('paper_near_end'),
    receipts_untold: of('receipts_untold'),
    receipts_untraced: of('receipts_untraced'),
    tasks_unclear: of('tasks_unclear'),
    fn_replaced: of('fn_replaced'),
    fn_ends_in_30_days: of('fn_ends_in_30_days'),
    fn_ends_in_3_days: of('fn_ends_in_3_days'),
    fn_nearly_full: of('fn_nearly_full'),
    ofd_confirms_nothing: of('ofd_confirms_nothing'),
    clock_drifts: of('clock_drifts'),
    clock_wrong: of('clock_wrong'),
    shift_ends_soon: of('shift_ends_soon'),
  } satisfies Record<keyof typeof register, OfRegister<Text>>
}
