import { fileAnswer, type PageFiles, pageAnswer, script, styles } from '@kkt/platform/page/served_page.ts'
import { Problem } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { FaultKit } from '../kit.ts'
import app from './app.js' with { type: 'text' }
import callDetails from './call_details.js' with { type: 'text' }
import calls from './calls.js' with { type: 'text' }
import counters from './counters.js' with { type: 'text' }
import curl from './curl.js' with { type: 'text' }
import faults from './faults.js' with { type: 'text' }
import form from './form.js' with { type: 'text' }
import inForce from './in_force.js' with { type: 'text' }
import html from './index.htm' with { type: 'text' }
import mock from './mock.js' with { type: 'text' }
import plan from './plan.js' with { type: 'text' }
import reset from './reset.js' with { type: 'text' }
import style from './style.css' with { type: 'text' }

const FILES: PageFiles = new Map([
  ['app.js', script(app)],
  ['call_details.js', script(callDetails)],
  ['calls.js', script(calls)],
  ['counters.js', script(counters)],
  ['curl.js', script(curl)],
  ['faults.js', script(faults)],
  ['form.js', script(form)],
  ['in_force.js', script(inForce)],
  ['mock.js', script(mock)],
  ['plan.js', script(plan)],
  ['reset.js', script(reset)],
  ['style.css', styles(style)],
])

/**
 * The page on which people watch a mock's calls live and switch its faults. Only browsers get it: programs get a 404 at
 * `/`.
 * @param prefix the test control's path
 */
export function controlPage({ service, counted }: Pick<FaultKit, 'service' | 'counted'>, prefix: string) {
  // Relative to the page, so that it works below another path too.
  const words = { service, counted, control: prefix.slice(1), file: service.toLowerCase() }
  const page = Object.entries(words).reduce((text, [name, word]) => text.replaceAll(`{{${name}}}`, word), html)

  return new Elysia({ detail: { hide: true } })
    .get('/', ({ headers: { accept = '' } }) => {
      if (accept.includes('text/html')) return pageAnswer(page, { vary: 'accept' })
      throw new Problem(404, 'no_such_route', `This page is only for browsers. Programs use ${prefix}/faults.`)
    })
    .get('/_page/:file', ({ params: { file } }) => fileAnswer(FILES, file), { params: z.object({ file: z.string() }) })
}
