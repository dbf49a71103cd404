import { inTurns, type Row, ratesOf } from '../row.ts'
import { A_COMMIT } from '../sizes.ts'

const SECONDS = 2

/** A queue for all purposes, on the same disk: what is made for receipts is to be no slower. */
const beside = (name: string, { program, ceiling }: { program: string; ceiling: string }): Row => ({
  name: `journal alone, whole life, beside ${name}`,
  ceiling: `${ceiling}: jobs of a receipt's size, taken ${A_COMMIT} at a time and done`,
  unit: 'receipts/s',
  target: { atLeast: 1 },
  mostRounds: 3,
  async how(bench) {
    await bench.installPeers()
    const loop = { atOnce: A_COMMIT, seconds: SECONDS }
    const turn = inTurns({
      measured: () => bench.journalAlone({ ...loop, steps: 'life' }),
      ceiling: () => bench.peerLoop(program, loop),
    })
    return { round: async (index) => ratesOf(await turn(index)) }
  },
})

export const peers: readonly Row[] = [
  beside('plainjob', {
    program: 'tests/bench/peers/plainjob.js',
    ceiling: 'plainjob with synchronous=FULL',
  }),
  beside('bunqueue', {
    program: 'tests/bench/peers/bunqueue.js',
    ceiling: 'bunqueue with its durable option, which leaves it to the system when a commit gets to the disk',
  }),
]
