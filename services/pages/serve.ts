import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PAGE_HEADERS, pageAnswer } from '@kkt/platform/page/served_page.ts'
import { Problem } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'

/** The built files are beside this one, and beside the bundle of the service in an image. */
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

const NOT_BUILT =
  'The page of this adapter is not built. Build it with:\n\n    tests/harness/bun services/pages/build.ts\n\nmake up does so by itself. The adapter works without it: see /v1/health and /v1/kkt/buffer/status.\n'

/** `links` are what a program gets at `/`. `facts` are for the page's scripts, which read them from the body. */
export type PageOptions = {
  links: Readonly<Record<string, string>>
  facts: Readonly<Record<string, string | number | boolean>>
  /** @default where `build.ts` puts the files */
  built?: string
}

/** The adapter's page and a receipt's page, for browsers. */
export function pageRoutes({ links, facts, built = BUILT }: PageOptions) {
  const attributes = Object.entries(facts)
    .map(([name, value]) => ` data-${name}="${escaped(String(value))}"`)
    .join('')

  async function page(): Promise<Response> {
    const html = await readText(join(built, 'index.html'))
    if (html === null)
      return new Response(NOT_BUILT, { status: 503, headers: { ...PAGE_HEADERS, 'content-type': TEXT } })
    return pageAnswer(
      html.replace('<body>', () => `<body${attributes}>`),
      { vary: 'accept' },
    )
  }

  return (
    new Elysia({ name: 'pages', detail: { hide: true } })
      .get('/', ({ headers: { accept = '' } }) =>
        accept.includes('text/html') ? page() : Response.json(links, { headers: { vary: 'accept' } }),
      )
      // The page itself says where there is no such receipt, whatever the address says.
      .get('/receipts/:receipt_id', page, { params: z.object({ receipt_id: z.string() }) })
      .get(
        '/_page/:file',
        async ({ params: { file } }) => {
          const type = TYPES[FILE_NAME.exec(file)?.[1] ?? '']
          const text = type === undefined ? null : await readText(join(built, file))
          if (type === undefined || text === null) throw new Problem(404, 'no_such_route', 'The page has no such file.')
          return new Response(text, { headers: { ...PAGE_HEADERS, 'cache-control': FOR_EVER, 'content-type': type } })
        },
        { params: z.object({ file: z.string() }) },
      )
  )
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
