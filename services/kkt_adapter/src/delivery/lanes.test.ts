import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { Lanes } from './lanes.ts'

const [A, B, C] = ['POS-A', 'POS-B', 'POS-C'] as const
const ALL = [A, B, C]

function setUp() {
  const clock = new TestClock()
  const lanes = new Lanes({ clock, random: () => 1, intervalMs: 5000 })
  const inLine = () => lanes.inLine(ALL, { isProbe: false })
  /** A till sends one receipt, and its queue holds more. */
  const send = (posId: string, outcome: 'movedOn' | 'failed') => {
    lanes.begin(posId)
    if (outcome === 'failed') lanes.failed(posId, { triedAgain: false, isRecorded: true })
    else lanes.movedOn(posId)
    lanes.end(posId, { isEmpty: false })
  }
  return { clock, lanes, inLine, send }
}

describe('a till', () => {
  test('that sends is in no line, and is when it has ended: behind the others', () => {
    const { lanes, inLine } = setUp()
    expect(inLine()).toEqual(ALL)
    lanes.begin(A)
    lanes.movedOn(A)
    expect({ line: inLine(), sending: lanes.sending() }).toEqual({ line: [B, C], sending: [A] })
    lanes.end(A, { isEmpty: false })
    expect({ line: inLine(), sending: lanes.sending() }).toEqual({ line: [B, C, A], sending: [] })
  })

  test('that failed is left alone, longer each time, and comes after those that did not', async () => {
    const { clock, lanes, inLine, send } = setUp()
    send(A, 'failed')
    const [first] = lanes.waitsMs()
    expect({ held: lanes.isHeldUp(A, { isProbe: false }), line: inLine() }).toEqual({ held: true, line: [B, C] })
    await clock.advance(first ?? 0)
    expect({ held: lanes.isHeldUp(A, { isProbe: false }), line: inLine() }).toEqual({ held: false, line: [B, C, A] })
    send(A, 'failed')
    expect(lanes.waitsMs()).toEqual([2 * (first ?? 0)])
  })

  test('that failed at the OFD is not left alone by a probe, and one that failed here is', async () => {
    const { clock, lanes, send } = setUp()
    send(A, 'failed')
    lanes.begin(B)
    lanes.failed(B, { triedAgain: false, isRecorded: false })
    lanes.end(B, { isEmpty: false })
    const [, waitMs = 0] = lanes.waitsMs()
    expect(lanes.inLine(ALL, { isProbe: true })).toEqual([C, A])
    expect(ALL.map((posId) => lanes.isHeldUp(posId, { isProbe: true }))).toEqual([false, true, false])
    await clock.advance(waitMs)
    expect(lanes.inLine(ALL, { isProbe: true })).toEqual([C, A, B])
  })

  test('that begins and sends nothing stands as it stood', () => {
    const { lanes, inLine, send } = setUp()
    send(A, 'failed')
    const waitsMs = lanes.waitsMs()
    lanes.begin(A)
    expect(lanes.waitsMs()).toEqual([])
    lanes.end(A, { isEmpty: false })
    expect({ waitsMs: lanes.waitsMs(), line: inLine() }).toEqual({ waitsMs, line: [B, C] })
  })

  test('that failed waits no more when the OFD is back, also where it fails under way, and is still one that failed', () => {
    const { lanes, inLine, send } = setUp()
    send(A, 'failed')
    lanes.begin(B)
    lanes.failed(B, { triedAgain: false, isRecorded: true })
    lanes.endBackoffs()
    lanes.end(B, { isEmpty: false })
    expect({ line: inLine(), alone: lanes.failsAlone(A) }).toEqual({ line: [C, A, B], alone: false })
    send(B, 'movedOn')
    expect(lanes.failsAlone(A)).toBe(true)
  })

  test('fails alone where others failed here only, and not where one failed at the OFD', () => {
    const { lanes } = setUp()
    lanes.begin(B)
    lanes.failed(B, { triedAgain: false, isRecorded: false })
    expect(lanes.failsAlone(A)).toBe(true)
    lanes.failed(B, { triedAgain: false, isRecorded: true })
    expect(lanes.failsAlone(A)).toBe(false)
  })

  test('whose queue is empty is forgotten, with what failed before', () => {
    const { lanes, send } = setUp()
    send(A, 'failed')
    lanes.begin(A)
    lanes.end(A, { isEmpty: true })
    expect({ held: lanes.isHeldUp(A, { isProbe: false }), waitsMs: lanes.waitsMs() }).toEqual({
      held: false,
      waitsMs: [],
    })
  })

  test('that sends is not forgotten when another sender may have sent for those that do not', () => {
    const { lanes, inLine, send } = setUp()
    send(A, 'failed')
    lanes.begin(B)
    lanes.forgetIdle()
    expect({ line: inLine(), sending: lanes.sending() }).toEqual({ line: [A, C], sending: [B] })
  })
})
