/**
 * Shows the live state of an adapter, KKT_ADAPTER_URL, with API_TOKEN where it has tokens, until Ctrl-C: redrawn in place on a terminal, in lines where the
 * output is none.
 */
import { systemClock } from '@kkt/platform/clock.ts'
import { createPulse } from '@kkt/platform/pulse.ts'
import { adapterHeaders, urls } from '../clients.ts'
import { eventsOf } from '../sse.ts'
import { runCommand } from '../stack/command.ts'
import { interruption } from '../stack/interruption.ts'
import { problem } from '../wire.ts'
import type { News } from '../wire_stream.ts'
import { lineOf, screenOf } from './screen.ts'
import { after, lost, NOTHING_SEEN, reconnected } from './seen.ts'
import { Terminal } from './terminal.ts'

const DRAW_EVERY_MS = 200
const RETRY_MS = 1000
/** The adapter says something every 15 s. */
const SILENT_MS = 40_000

const clock = systemClock
let seen = NOTHING_SEEN
let heardMs = 0

/** Reads one stream to its end. @throws Error that says why it could not */
async function read(hear: (told: News) => void): Promise<void> {
  const over = new AbortController()
  const silence = createPulse({
    clock,
    everyMs: RETRY_MS,
    beat: () => {
      if (clock.monotonicMs() - heardMs > SILENT_MS) over.abort(new Error('it has fallen silent'))
    },
  })
  const noteHeard = () => {
    heardMs = clock.monotonicMs()
  }
  noteHeard()
  silence.begin()
  try {
    const headers = new Headers(adapterHeaders)
    if (seen.lastEventId !== null) headers.set('last-event-id', String(seen.lastEventId))
    const signal = AbortSignal.any([interruption, over.signal])
    const answer = await fetch(`${urls.adapter}/v1/kkt/stream`, { headers, signal })
    if (!answer.ok || answer.body === null) throw new Error(await refusalOf(answer))
    seen = reconnected(seen)
    for await (const told of eventsOf(answer.body, noteHeard)) if (told.event !== 'sample') hear(told)
    throw new Error('it has ended the stream')
  } finally {
    silence.end()
  }
}

/** The code says more than the status: a full disk and too many readers are both 503. */
async function refusalOf(answer: Response): Promise<string> {
  const said = problem.safeParse(await answer.json().catch(() => null))
  return `it answers ${answer.status}${said.success ? ` ${said.data.code}` : ''}`
}

/** Reads streams, one after another, until Ctrl-C. */
async function follow(hear: (told: News) => void, onLost: (why: string) => void): Promise<void> {
  while (!interruption.aborted) {
    const why = await read(hear).then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    if (interruption.aborted) return
    seen = lost(seen, why)
    onLost(why)
    await clock.wait(RETRY_MS, interruption)
  }
}

function take(told: News): void {
  seen = after(seen, told, clock.wallMs())
}

async function onTerminal(): Promise<void> {
  const terminal = new Terminal(process.stdout)
  const draw = () => {
    const { size } = terminal
    terminal.draw(screenOf(seen, { url: urls.adapter, nowMs: clock.wallMs(), size }))
  }
  const redraw = createPulse({ clock, everyMs: DRAW_EVERY_MS, beat: draw })
  redraw.begin()
  try {
    await follow(take, () => {})
  } finally {
    redraw.end()
    terminal.leave()
  }
}

async function inLines(): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  // The reader of the output has gone: `make watch | head`.
  process.stdout.on('error', () => process.exit(0))
  let isTold = false
  await follow(
    (told) => {
      isTold = false
      take(told)
      say(lineOf(told))
    },
    (why) => {
      if (!isTold) say(`not reached: ${why}; trying again`)
      isTold = true
    },
  )
}

await runCommand(async () => {
  await (process.stdout.isTTY ? onTerminal() : inLines())
  return 0
})
