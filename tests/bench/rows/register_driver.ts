import { inTurns, microsOf, type Row } from '../row.ts'

const SECONDS = 3
/** A KKT of paper prints three receipts a second: at this goal the driver takes 1 % of a processor then. */
const GOAL = { micros: 3300, ratio: 20 }

export const registerDriver: Row = {
  name: 'processor time a receipt, the driver of a register',
  ceiling: 'the mock KKT in the process, one document a call',
  unit: 'µs',
  target: { atMost: GOAL.ratio },
  besides: [
    {
      name: 'what that driver adds',
      ceiling: 'the mock KKT in the process',
      unit: 'µs',
      target: { atMost: GOAL.micros },
      judged: 'rest',
    },
  ],
  // The service of the register is another process, as in a shop, and makes each document at once.
  async how(bench) {
    const { url } = await bench.ceiling('tests/bench/ceilings/register_at_once.ts')
    const turn = inTurns({
      measured: () => bench.atolLoop({ url, seconds: SECONDS }),
      ceiling: () => bench.kktLoop({ atOnce: 1, seconds: SECONDS }),
    })
    return {
      async round(index) {
        const spent = microsOf(await turn(index))
        if (spent === null) throw new Error('A loop tells what it took of the processors')
        return { ...spent, besides: [spent] }
      },
    }
  },
}
