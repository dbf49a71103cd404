import { type AnyElysia, Elysia } from 'elysia'
import { z } from 'zod'
import base from '../page/base.css' with { type: 'text' }
import icon from '../page/icon.svg' with { type: 'text' }
import { PAGE_HEADERS, pageAnswer } from '../page/served_page.ts'
import { Problem } from '../problem.ts'
import { inEach } from '../words/words.ts'
import type { Book } from './book.ts'
import app from './page/app.js' with { type: 'text' }
import copy from './page/copy.js' with { type: 'text' }
import dom from './page/dom.js' with { type: 'text' }
import html from './page/index.htm' with { type: 'text' }
import operations from './page/operations.js' with { type: 'text' }
import schemas from './page/schemas.js' with { type: 'text' }
import style from './page/style.css' with { type: 'text' }

const script = (text: string) => ({ text, type: 'text/javascript; charset=utf-8' })
const styles = (text: string) => ({ text, type: 'text/css; charset=utf-8' })

const FILES = new Map([
  ['app.js', script(app)],
  ['base.css', styles(base)],
  ['copy.js', script(copy)],
  ['dom.js', script(dom)],
  ['icon.svg', { text: icon, type: 'image/svg+xml; charset=utf-8' }],
  ['operations.js', script(operations)],
  ['schemas.js', script(schemas)],
  ['style.css', styles(style)],
])

/** The page's own links are relative to a path without a slash at its end. */
const TO_THE_PAGE = new Response(null, { status: 308, headers: { location: '../docs' } })

export type Docs = {
  /** The app whose routes are described. */
  app: AnyElysia
  /** Loaded at the first request, because few processes are ever asked. */
  book: () => Promise<Book>
  version: string
}

/** The OpenAPI document of an app, and a page that shows it to people. */
export function docs(deps: Docs) {
  let written: Promise<string> | undefined
  return new Elysia({ name: 'docs', detail: { hide: true } })
    .get('/openapi.json', async () => {
      written ??= write(deps)
      return new Response(await written, { headers: { 'content-type': 'application/json' } })
    })
    .get('/docs', ({ path }) => (path.endsWith('/') ? TO_THE_PAGE.clone() : pageAnswer(html)))
    .get('/docs/:file', ({ params: { file } }) => fileAnswer(file), { params: z.object({ file: z.string() }) })
}

function fileAnswer(name: string): Response {
  const found = FILES.get(name)
  if (!found)
    throw new Problem(
      404,
      'no_such_route',
      inEach((words) => words.noSuchFile()),
    )
  return new Response(found.text, { headers: { ...PAGE_HEADERS, 'content-type': found.type } })
}

async function write({ app, book, version }: Docs): Promise<string> {
  const { openApiOf } = await import('./document.ts')
  return `${JSON.stringify(openApiOf(app, await book(), version), null, 2)}\n`
}
