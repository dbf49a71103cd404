import { closedLoop } from '../closed_loop.ts'
import { nextDocument } from '../documents.ts'
import { inTurns, type Row } from '../row.ts'

const CONNECTIONS = 32
const BURST_SECONDS = 1

export const mockOfd: Row = {
  name: 'the mock OFD without faults',
  ceiling: 'an Elysia handler: same schema',
  unit: 'receipts/s',
  target: { atLeast: 0.85 },
  async how(bench) {
    const ofd = await bench.ofd()
    const handler = await bench.ceiling('tests/bench/ceilings/ofd_handler.ts')
    const postTo = (url: string) => async () => {
      const load = { connections: CONNECTIONS, until: { seconds: BURST_SECONDS }, post: nextDocument }
      return (await closedLoop({ url: `${url}/ofd/v1/receipt`, ...load })).perSecond
    }
    const both = {
      ceiling: postTo(handler.url),
      measured: async () => {
        await ofd.reset()
        return await postTo(ofd.url)()
      },
    }
    await both.ceiling()
    await both.measured()
    return { round: inTurns(both) }
  },
}
