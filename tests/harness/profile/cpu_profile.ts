import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** What is read of a `.cpuprofile`: a tree of calls, and in `hitCount` how many samples found each of them on top. */
const profile = z.object({
  nodes: z
    .array(
      z.object({
        id: z.int(),
        // Lines count from 0 here, and -1 is the engine's own.
        callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
        hitCount: z.int(),
        children: z.array(z.int()).default([]),
      }),
    )
    .min(1),
})
type ProfileNode = z.infer<typeof profile>['nodes'][number]

/** One function in the place from which it was called. */
export type Frame = {
  /** Its name, and for a function of ours or of a package, its place. */
  label: string
  kind: 'service' | 'package' | 'engine'
  selfSamples: number
  /** With those of all that it called. */
  samples: number
  callees: Frame[]
}

/**
 * The tree of calls.
 * @param root the paths of functions are told from here
 * @throws Error when the text is no profile
 */
export function parseCpuProfile(text: string, root: string): Frame {
  const { nodes } = profile.parse(JSON.parse(text))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const frame = (node: ProfileNode): Frame => {
    const callees = node.children
      .flatMap((id) => byId.get(id) ?? [])
      .map(frame)
      .sort((a, b) => b.samples - a.samples)
    const samples = callees.reduce((sum, callee) => sum + callee.samples, node.hitCount)
    return { ...describe(node.callFrame, root), selfSamples: node.hitCount, samples, callees }
  }
  const [top] = nodes
  if (!top) throw new Error('the profile has no calls')
  return frame(top)
}

function describe({ functionName, url, lineNumber }: ProfileNode['callFrame'], root: string) {
  const name = functionName || '(anonymous)'
  if (!url.startsWith('file://')) return { label: name, kind: 'engine' } as const
  const path = relative(root, fileURLToPath(url)).replace(/^.*node_modules\//, '')
  const kind = url.includes('/node_modules/') ? 'package' : 'service'
  return { label: `${name} ${path}:${lineNumber + 1}`, kind } as const
}

export type Share = { label: string; percent: number }

/** The functions that ran themselves for longest; those of the engine by which function of ours or of a package called. */
export function topBySelf(top: Frame, count: number): Share[] {
  const selfSamples = new Map<string, number>()
  const add = ({ label, kind, selfSamples: self, callees }: Frame, caller: string): void => {
    const key = kind === 'engine' && caller ? `${label} ← ${caller}` : label
    selfSamples.set(key, (selfSamples.get(key) ?? 0) + self)
    for (const callee of callees) add(callee, kind === 'engine' ? caller : label)
  }
  add(top, '')
  return [...selfSamples]
    .map(([label, samples]) => ({ label, percent: (100 * samples) / top.samples }))
    .sort((a, b) => b.percent - a.percent)
    .slice(0, count)
}
