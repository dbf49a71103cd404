import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Clock, systemClock, waitBy } from './clock.ts'
import { drawsFrom } from './random.ts'

type Timer = { atMs: number; wake: () => void }

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  #nowMs = 0
  #wallOffsetMs: number
  #timers = new Set<Timer>()

  constructor(startWallMs = Date.UTC(2026, 0, 31, 12)) {
    this.#wallOffsetMs = startWallMs
  }

  /** The number of callers that wait for time to pass. */
  get waiting(): number {
    return this.#timers.size
  }

  wallMs = () => this.#wallOffsetMs + this.#nowMs
  monotonicMs = () => this.#nowMs

  after = (ms: number, work: () => void): (() => void) => {
    const wake = () => {
      this.#timers.delete(timer)
      work()
    }
    const timer = { atMs: this.#nowMs + ms, wake }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  wait = waitBy(this.after)

  /** Sets the wall clock forward or back; the monotonic clock is unaffected. */
  setWallBy(ms: number): void {
    this.#wallOffsetMs += ms
  }

  /** Lets time pass: wakes the due callers in order, and lets their work settle. */
  async advance(ms: number): Promise<void> {
    await settle()
    await this.#wakeUntil(this.#nowMs + ms)
  }

  /** `advance` in steps of `stepMs`, with a `look` after each. `look` must not start work: nothing waits for it. */
  async advanceLooking(ms: number, stepMs: number, look: () => void): Promise<void> {
    await settle()
    const endMs = this.#nowMs + ms
    while (this.#nowMs < endMs) {
      await this.#wakeUntil(Math.min(this.#nowMs + stepMs, endMs))
      look()
    }
  }

  async #wakeUntil(endMs: number): Promise<void> {
    for (let next = this.#firstUntil(endMs); next; next = this.#firstUntil(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.wake()
      await settle()
    }
    this.#nowMs = endMs
  }

  /** The timer that is due first, at or before `endMs`; among equal ones the oldest. */
  #firstUntil(endMs: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.atMs <= endMs && (first === undefined || timer.atMs < first.atMs)) first = timer
    }
    return first
  }
}

/** Runs everything that is ready: many turns of the event loop, without waiting. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** More than the longest chain of commits and promises in this code needs. */
const SETTLE_TURNS = 20

/** Loopback takes milliseconds. A busy machine takes seconds. */
const LONGEST_WAIT_MS = 30_000

/**
 * Waits for what happens by itself in real time, as on a socket.
 * @param what completes the sentence "waited for …"
 * @throws Error when it has not happened within the time
 */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs = LONGEST_WAIT_MS,
): Promise<void> {
  const lastMs = systemClock.monotonicMs() + withinMs
  while (!(await isSo())) {
    if (systemClock.monotonicMs() >= lastMs) throw new Error(`waited ${withinMs} ms for ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/**
 * Starts a service as a process with only these settings, on the runtime that RUNTIME names as the stack's.
 * @param main the path of its main.ts, or of a bundle
 * @param through a command that gets the service's command as its last arguments and executes it
 */
export function spawnService(main: string, settings: Record<string, string>, through: string[] = []) {
  const { RUNTIME, PATH = '', HOME = '' } = process.env
  const [command = '', ...args] = [...through, RUNTIME === 'deno' ? START_ON_DENO : process.execPath, main]
  return spawn(command, args, { env: { PATH, HOME, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] })
}

const START_ON_DENO = fileURLToPath(new URL('../start_on_deno', import.meta.url).href)

/** Linux keeps this folder in memory, where a database's fsyncs cost nothing. A unit test is about no disk. */
const IN_MEMORY = '/dev/shm'

/** Makes a folder for a unit test's files, in memory where the machine has room there and Deno lets it. The caller removes it. */
export function newFolder(name: string): string {
  try {
    return mkdtempSync(join(IN_MEMORY, `${name}-`))
  } catch {
    return mkdtempSync(join(tmpdir(), `${name}-`))
  }
}

/** True under `make test LONG=1`: tests with a short form of fewer random draws run their long form. */
export const LONG = process.env['LONG'] === '1'

/** The seed of a run's random tests. Tests put it into their names: `SEED=<it> bun test <file>` replays them. */
export const SEED = (({ SEED: given }) => Number(given ?? Math.floor(Math.random() * 2 ** 32)))(process.env)

/** Whole numbers from 0 to below `limit`, repeatable by seed. */
export const seededRandom = (seed = SEED): ((limit: number) => number) => drawsFrom(seed)

/** All cases in the long form of a test. In its short form one in `ways`, and which ones goes by the run's seed. */
export const someCases = <Case>(all: readonly Case[], ways: number): readonly Case[] =>
  LONG ? all : all.filter((_case, i) => (i + SEED) % ways === 0)
