import { CHECKS } from '@kkt/mock-ofd/judge/judge.ts'

const VERSIONS = { any: 'each document', '1.2': 'FFD 1.2' } as const

/** The table of the mock OFD's checks, made from the judge. */
export function checkTable(): string {
  const rows = CHECKS.map(({ code, tags, rule, judges }) => `| \`${code}\` | ${tags} | ${rule} | ${VERSIONS[judges]} |`)
  return ['| check | tags | the rule | judges |', '|---|---|---|---|', ...rows, ''].join('\n')
}
