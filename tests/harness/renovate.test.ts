/** Renovate finds each pin that it is to renew. It says nothing about a pattern that finds none. */
import { describe, expect, test } from 'bun:test'
import { globSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { isCheckout, root } from './documents/documents.ts'
import { foreignImages } from './stack/compose.ts'
import { COMPOSE_FILES } from './stack/settings.ts'

const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')
const config = z.object({
  customManagers: z.array(
    z.object({
      description: z.string(),
      managerFilePatterns: z.array(z.string().regex(/^\/\^.*\$\/$/)),
      matchStrings: z.array(z.string()),
    }),
  ),
})

type Pin = { name: string; version: string }

/** The pins that a manager's pattern finds in a file. */
const pinsIn = (text: string, pattern: string): Pin[] =>
  [...text.matchAll(new RegExp(pattern, 'g'))].map(({ groups }) => ({
    name: groups?.['depName'] ?? '',
    version: groups?.['currentValue'] ?? '',
  }))

/** The image that runs the tests in Compose holds no `.github`. */
describe.skipIf(!isCheckout)('Renovate', () => {
  const managers = isCheckout ? config.parse(JSON.parse(read('.github/renovate.json'))).customManagers : []
  const files = globSync(['package.json', '.ci/run', 'services/Dockerfile', 'services/**/*.yml'], {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  })
  const found = managers.flatMap(({ description, managerFilePatterns, matchStrings }) =>
    managerFilePatterns.flatMap((filePattern) =>
      files
        .filter((path) => new RegExp(filePattern.slice(1, -1)).test(path))
        .map((path) => ({ description, path, pins: matchStrings.map((pattern) => pinsIn(read(path), pattern)) })),
    ),
  )

  test('finds a pin by each pattern in each file that it names', () => {
    expect(found).toHaveLength(managers.flatMap((one) => one.managerFilePatterns).length)
    for (const { description, path, pins } of found) {
      for (const all of pins) expect([description, path, all.length > 0]).toEqual([description, path, true])
    }
  })

  test('finds each image and both runtimes', () => {
    const images = ['services/Dockerfile', ...COMPOSE_FILES].flatMap((path) => foreignImages(read(path)))
    const { packageManager, engines } = JSON.parse(read('package.json'))
    const pinned = found.flatMap(({ pins }) => pins.flat()).map(({ name, version }) => `${name}:${version}`)
    const wanted = [...images, packageManager.replace('@', ':'), `deno:${engines.deno}`]
    expect([...new Set(pinned)].sort()).toEqual([...new Set(wanted)].sort())
  })
})
