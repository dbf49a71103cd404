import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PAGE_HEADERS, pageAnswer } from '@kkt/platform/page/served_page.ts'
import { Problem } from '@kkt/platform/problem.ts'
import { inEach } from '@kkt/platform/words/words.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { PageName } from './build.ts'

/** The built files are beside this one. Bun writes its place into a bundle with bytecode, which looks there, too. */
const BUILT = join(dirname(fileURLToPath(import.meta.url)), 'dist')

/** The names that `build.ts` gives. No other file can be asked for. */
const FILE_NAME = /^[\w-]+\.[a-z0-9]{8}\.(js|css|svg)$/
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
}
const TEXT = 'text/plain; charset=utf-8'
/** A file's name changes with its content. */
const FOR_EVER = 'public, max-age=31536000, immutable'

const notBuilt = (withoutIt: string) =>
  `The page is not built. Build it with:\n\n    tests/harness/bun services/pages/build.ts\n\nmake up does so by itself. ${withoutIt}\n`

export type PageOptions = {
  page: PageName
  /** For the page's scripts, which read them from the body. */
  facts: Readonly<Record<string, string | number | boolean>>
  /** Answers a program at `/`. */
  forPrograms: () => Response
  /** Said to a person where the page is not built. */
  withoutIt: string
  /** @default where `build.ts` puts the files */
  built?: string
}

/** A page of a service at `/`, for browsers, and its files. */
export function pageRoutes(options: PageOptions) {
  const { page, forPrograms, built = BUILT } = options
  const show = shows(options)
  return new Elysia({ name: 'pages', detail: { hide: true } })
    .get('/', ({ headers: { accept = '' } }) => (accept.includes('text/html') ? show() : forPrograms()))
    .get(
      '/_page/:file',
      async ({ params: { file } }) => {
        const type = TYPES[FILE_NAME.exec(file)?.[1] ?? '']
        const text = type === undefined ? null : await readText(join(built, page, file))
        if (type === undefined || text === null)
          throw new Problem(
            404,
            'no_such_route',
            inEach((words) => words.noSuchFile()),
          )
        return new Response(text, { headers: { ...PAGE_HEADERS, 'cache-control': FOR_EVER, 'content-type': type } })
      },
      { params: z.object({ file: z.string() }) },
    )
}

/** The adapter's page, the shop's day, and a receipt's page. */
export const adapterPageRoutes = (options: Omit<PageOptions, 'page'>) => {
  const whole: PageOptions = { page: 'adapter', ...options }
  // The page itself says where there is no such receipt, whatever the address says.
  return pageRoutes(whole)
    .get('/day', shows(whole))
    .get('/receipts/:receipt_id', shows(whole), { params: z.object({ receipt_id: z.string() }) })
}

/** Answers with the page, or says how to build it. */
function shows({ page, facts, withoutIt, built = BUILT }: PageOptions): () => Promise<Response> {
  const attributes = Object.entries(facts)
    .map(([name, value]) => ` data-${name}="${escaped(String(value))}"`)
    .join('')
  return async () => {
    const html = await readText(join(built, page, 'index.html'))
    if (html === null)
      return new Response(notBuilt(withoutIt), { status: 503, headers: { ...PAGE_HEADERS, 'content-type': TEXT } })
    return pageAnswer(
      html.replace('<body>', () => `<body${attributes}>`),
      { vary: 'accept' },
    )
  }
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

/** Null where there is no such file, or it may not be read. */
async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return null
  }
}
