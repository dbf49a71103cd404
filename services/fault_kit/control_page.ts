import { pageRoutes } from '@kkt/pages/serve.ts'
import { Problem } from '@kkt/platform/problem.ts'
import type { FaultKit } from './kit.ts'

/**
 * The page on which people watch a mock's calls live and switch its faults. Only browsers get it.
 * @param prefix the test control's path
 * @param options.built where the built page is, if not at its usual place
 * @param options.forPrograms answers a program at `/`; a 404 where it is not given
 */
export function controlPage(
  { service, counted }: Pick<FaultKit, 'service' | 'counted'>,
  prefix: string,
  { built, forPrograms }: { built?: string; forPrograms?: () => Response } = {},
) {
  return pageRoutes({
    page: 'mock',
    // Relative to the page, so that it works below another path too.
    facts: { service, counted, control: prefix.slice(1) },
    forPrograms: forPrograms ?? (() => onlyForBrowsers(prefix)),
    withoutIt: `The mock works without it: ${prefix}/faults lists what can be configured, and ${prefix}/calls what came.`,
    ...(built !== undefined && { built }),
  })
}

function onlyForBrowsers(prefix: string): never {
  throw new Problem(404, 'no_such_route', `This page is only for browsers. Programs use ${prefix}/faults.`)
}
