/** Services as processes, started as in production, from what the images ship. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { printAnswer } from '@kkt/adapter/src/http/receipt_answers.ts'
import { body } from '@kkt/adapter/src/testing/app_kit.ts'
import { freshKey } from '@kkt/adapter/src/testing/kit.ts'
import { spawnService } from '@kkt/platform/testing.ts'
import { z } from 'zod'
import { bundleOf } from '../harness/bundles.ts'

const MAIN = fileURLToPath(new URL('../../services/kkt_adapter/src/main.ts', import.meta.url))
const listening = z.object({ port: z.int().positive() })

const started: ChildProcess[] = []

/** Kills the processes that a failed test has left, after all tests. */
export function killAll(): void {
  for (const child of started.splice(0)) child.kill('SIGKILL')
}

const SETTINGS = {
  HOST: '127.0.0.1',
  PORT: '0',
  OFD_MODE: 'mock',
  TEST_CONTROL: 'true',
  KKT_PRINT_DELAY_MIN: '0',
  KKT_PRINT_DELAY_MAX: '0',
}

/**
 * Starts a service with only these settings.
 * @param through a command that gets the service's command as its last arguments, and becomes it
 */
export function startService(main: string, settings: Record<string, string>, through?: string[]) {
  const child = spawnService(bundleOf(main), settings, through)
  started.push(child)
  const events = new Map<string, PromiseWithResolvers<unknown>>()
  const event = (name: string) => {
    const waiting = events.get(name) ?? Promise.withResolvers<unknown>()
    events.set(name, waiting)
    return waiting
  }
  const lines: string[] = []
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line)
    const entry = z.looseObject({ event: z.string() }).parse(JSON.parse(line))
    event(entry.event).resolve(entry)
  })
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal)
  const errors = text(child.stderr)
  const endsUnheard = async (): Promise<never> => {
    throw new Error(`${main} ended with ${await ended} before it listened: ${await errors}`)
  }
  const port = Promise.race([event('listening').promise.then((entry) => listening.parse(entry).port), endsUnheard()])
  // Tests of a refused start do not ask for the port.
  port.catch(() => undefined)
  return {
    child,
    /** The lines of the log so far. */
    lines,
    port,
    url: async (path: string) => `http://127.0.0.1:${await port}${path}`,
    /** Resolves when the log names the event for the first time. */
    logged: (name: string) => event(name).promise,
    ended,
    errors,
  }
}

/** Starts the adapter with an OFD inside. */
export function startAdapter(settings: Record<string, string>, through?: string[]) {
  const service = startService(MAIN, { ...SETTINGS, ...settings }, through)
  const { url } = service
  return {
    ...service,
    ask: async <T>(path: string, answer: z.ZodType<T>) => answer.parse(await (await fetch(await url(path))).json()),
    post: async (key: string = freshKey(), content: object = body()) => {
      const response = await fetch(await url('/v1/kkt/receipt'), {
        method: 'POST',
        headers: { 'idempotency-key': key },
        body: JSON.stringify(content),
      })
      return { code: response.status, ...printAnswer.parse(await response.json()) }
    },
  }
}
