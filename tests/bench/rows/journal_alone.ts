import { JOURNAL_ALONE } from '../checkout.ts'
import { figure } from '../report.ts'
import { inTurns, type Row } from '../row.ts'
import { A_COMMIT } from '../sizes.ts'
import { median } from '../statistics.ts'

const SECONDS = 2
/** A prototype with small rows that change, and one audit row a commit and kind, came to 22 and to 31–34. */
const GOAL = { intakeMicros: 25, lifeMicros: 40 }
const CEILING = `nothing; ${A_COMMIT} receipts a commit, and a process for itself`

export const journalAlone: Row = {
  name: "processor time a receipt, journal alone, intake's steps",
  ceiling: CEILING,
  unit: 'µs',
  target: { atMost: GOAL.intakeMicros },
  judged: 'itself',
  besides: [
    {
      name: 'processor time a receipt, journal alone, whole life',
      ceiling: CEILING,
      unit: 'µs',
      target: { atMost: GOAL.lifeMicros },
      judged: 'itself',
    },
  ],
  async how({ journalAlone: own, base }) {
    const rates = { intake: [] as number[], life: [] as number[] }
    const turnOf = (steps: 'intake' | 'life') => {
      const microsOf = (journal: typeof own) => async () => {
        const { perSecond, micros } = await journal({ steps, atOnce: A_COMMIT, seconds: SECONDS })
        if (journal === own) rates[steps].push(perSecond)
        return micros
      }
      return inTurns({
        measured: microsOf(own),
        base: base?.hasJournalAlone ? microsOf(base.journalAlone) : undefined,
        ceiling: async () => null,
      })
    }
    const turns = { intake: turnOf('intake'), life: turnOf('life') }
    return {
      round: async (index) => ({ ...(await turns.intake(index)), besides: [await turns.life(index)] }),
      notes: () => [
        `${figure(median(rates.intake))} receipts/s through intake, ${figure(median(rates.life))} through their life`,
        ...(base && !base.hasJournalAlone ? [`BASE has no ${JOURNAL_ALONE}: not compared`] : []),
      ],
    }
  },
}
