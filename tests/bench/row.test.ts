import { expect, test } from 'bun:test'
import { inTurns, microsOf, ratesOf } from './row.ts'

const turnsOf = (withBase: boolean) => {
  const order: string[] = []
  const note = (who: string) => async () => order.push(who)
  const base = withBase ? note('base') : undefined
  return { order, turn: inTurns({ measured: note('measured'), ceiling: note('ceiling'), base }) }
}

test('those of a round follow each other, each time in the other order', async () => {
  const { order, turn } = turnsOf(false)
  for (const index of [0, 1, 2]) await turn(index)
  expect(order).toEqual(['ceiling', 'measured', 'measured', 'ceiling', 'ceiling', 'measured'])
})

test('another checkout is measured beside this one, as often before it as after it', async () => {
  const { order, turn } = turnsOf(true)
  expect([await turn(0), await turn(1)]).toEqual([
    { ceiling: 1, base: 2, measured: 3 },
    { measured: 4, base: 5, ceiling: 6 },
  ])
  expect(order).toEqual(['ceiling', 'base', 'measured', 'measured', 'base', 'ceiling'])
})

const rate = (perSecond: number, micros: number | null) => ({ perSecond, micros })

test('rates are a line with what each took beside them, and a line of what each took', () => {
  const turn = { measured: rate(10, 1), ceiling: rate(20, 2), base: rate(30, 3) }
  const micros = { measured: 1, ceiling: 2, base: 3 }
  expect(ratesOf(turn)).toEqual({ measured: 10, ceiling: 20, base: 30, micros })
  expect(microsOf(turn)).toEqual(micros)
})

test('where the system does not tell what each took, rates are a line still', () => {
  const turn = { measured: rate(10, null), ceiling: rate(20, 2) }
  expect(ratesOf(turn)).toMatchObject({ measured: 10, ceiling: 20, micros: { measured: null, ceiling: 2 } })
  expect(microsOf(turn)).toBeNull()
  expect(microsOf({ measured: rate(1, 1), ceiling: rate(1, 1), base: rate(1, null) })).toEqual({
    measured: 1,
    ceiling: 1,
    base: undefined,
  })
})
