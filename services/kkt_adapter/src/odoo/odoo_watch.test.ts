import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { createOdooWatch } from './odoo_watch.ts'

function setUp() {
  const changes: string[] = []
  const clock = new TestClock()
  const odoo = createOdooWatch({ clock, onChange: (from, to) => changes.push(`${from}>${to}`) })
  /** Reports one heartbeat for each letter: `S` is accepted, `F` is not. Returns the state after each. */
  const run = (outcomes: string) =>
    [...outcomes]
      .map((outcome) => {
        odoo.heard(outcome === 'S')
        return odoo.state
      })
      .join(' ')
  return { odoo, changes, run, clock }
}

describe('from the answers it tells whether Odoo lives', () => {
  test('nothing is known before the first answer', () => {
    expect(setUp().odoo.state).toBe('unknown')
  })

  test.each([
    ['the first answer is enough at the start', 'S', 'online'],
    ['losses at the start end with an answer, too', 'FFS', 'unknown unknown online'],
    ['three losses in a row are an outage, also at the start', 'FFF', 'unknown unknown offline'],
    ['fewer are not', 'SFF', 'online online online'],
    ['those in a row count, not those in all', 'SFFSFFSF', 'online online online online online online online online'],
    ['two answers in a row end an outage', 'FFFSS', 'unknown unknown offline offline online'],
    ['one does not', 'FFFSFSFS', 'unknown unknown offline offline offline offline offline offline'],
    [
      'a second outage takes three losses again',
      'FFFSSFFF',
      'unknown unknown offline offline online online online offline',
    ],
  ])('%s: %s', (_what, outcomes, states) => {
    expect(setUp().run(outcomes)).toBe(states)
  })

  test('its silence lasts until it accepts a heartbeat again', async () => {
    const { odoo, run, clock } = setUp()
    await clock.advance(7000)
    clock.setWallBy(60_000)
    run('F')
    expect(odoo.silenceMs).toBe(7000)
    run('S')
    await clock.advance(500)
    run('F')
    expect(odoo.silenceMs).toBe(500)
  })

  test('each change is told once', () => {
    const { changes, run } = setUp()
    run('SSFFFFFSSSFFF')
    expect(changes).toEqual(['unknown>online', 'online>offline', 'offline>online', 'online>offline'])
  })
})
