import { type Settings, SIMPLEST } from '../world/settings.ts'
import type { Command, History } from './command.ts'

/** The progress of the search for a smaller history. The search in the smaller one goes on from there. */
export type Progress = {
  /** The number of commands that are left out at once. 0 means that single values are simplified. */
  chunk: number
  /** The place in the history. */
  at: number
  /** Whether the history has become simpler since the search last restarted. */
  isSimpler: boolean
}

export type Candidate = { history: History; progress: Progress }

export const beginning = ({ commands }: History): Progress => ({
  chunk: Math.max(1, Math.ceil(commands.length / 2)),
  at: 0,
  isSimpler: false,
})

/**
 * Smaller histories, the smallest first: without many commands, without fewer, then with simpler values. When all were tried
 * and one of them was taken, the search restarts.
 */
export function* smaller(history: History, progress: Progress): Generator<Candidate> {
  yield* withoutChunks(history, progress)
  let { isSimpler } = progress
  if (progress.chunk > 0) isSimpler = false
  for (const simpler of simplerOnes(history, progress.chunk > 0 ? 0 : progress.at)) {
    yield { history: simpler.history, progress: { chunk: 0, at: simpler.at, isSimpler: true } }
  }
  if (isSimpler) yield* smaller(history, beginning(history))
}

function* withoutChunks(history: History, { chunk, at, isSimpler }: Progress): Generator<Candidate> {
  const { commands, settings } = history
  let from = at
  for (let size = chunk; size >= 1; size = Math.floor(size / 2)) {
    for (; from < commands.length; from += size) {
      const left = [...commands.slice(0, from), ...commands.slice(from + size)]
      yield { history: { settings, commands: left }, progress: { chunk: size, at: from, isSimpler } }
    }
    from = 0
  }
}

type At = { history: History; at: number }

/** @param from 0 for the settings, then the commands */
function* simplerOnes(history: History, from: number): Generator<At> {
  const { settings, commands } = history
  if (from === 0) {
    for (const simpler of simplerSettings(settings)) yield { history: { settings: simpler, commands }, at: 0 }
  }
  for (let i = Math.max(0, from - 1); i < commands.length; i++) {
    const command = commands[i]
    if (!command) continue
    for (const simpler of simplerCommands(command)) {
      yield { history: { settings, commands: commands.with(i, simpler) }, at: i + 1 }
    }
  }
}

function* simplerSettings(settings: Settings): Generator<Settings> {
  for (const [name, simplest] of Object.entries(SIMPLEST)) {
    if (Reflect.get(settings, name) !== simplest) yield { ...settings, [name]: simplest }
  }
}

function* simplerCommands(command: Command): Generator<Command> {
  switch (command.do) {
    case 'sell':
      for (const count of below(command.count, 1)) yield { ...command, count }
      for (const till of below(command.till, 0)) yield { ...command, till }
      break
    case 'wait':
      for (const ms of below(command.ms, 0)) yield { ...command, ms }
      break
    case 'pause':
    case 'other_host':
    case 'kkt_late':
      for (const ms of below(command.ms, 0)) yield { ...command, ms }
      break
    case 'ofd':
    case 'disk':
      for (const times of below(command.times, 1)) yield { ...command, times }
      break
    case 'strike':
      for (const nth of below(command.strike.nth, 1)) yield { ...command, strike: { ...command.strike, nth } }
  }
  if ('node' in command && command.node > 0) yield { ...command, node: 0 }
}

/** Smaller numbers: the least, round ones, the half. */
function* below(value: number, least: number): Generator<number> {
  const candidates = [
    least,
    ...[10_000, 1000, 100, 10].map((step) => Math.floor(value / step) * step),
    Math.floor(value / 2),
  ]
  for (const candidate of new Set(candidates)) if (candidate >= least && candidate < value) yield candidate
}
