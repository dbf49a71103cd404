import type { SimNode } from '../world/node.ts'
import type { World } from '../world/world.ts'

type OperatorsWorld = Pick<World, 'findings' | 'breaker' | 'receipts'>

/** Makes a node deliver everything now. */
export async function sync(world: OperatorsWorld, node: SimNode): Promise<void> {
  const over = world.breaker.syncs(node.name)
  await ask(world, node, 'POST', '/v1/kkt/buffer/sync', { expected: [202, 503] })
  over()
}

/** Requeues one dead letter, or all of them. */
export async function requeue(world: OperatorsWorld, node: SimNode, what: 'one' | 'all'): Promise<void> {
  const failed = deadLetter(world)
  if (what === 'all') {
    await ask(world, node, 'POST', '/v1/kkt/buffer/dlq/requeue', { expected: [200, 503], body: '{}' })
  } else if (failed) {
    await ask(world, node, 'POST', `/v1/kkt/buffer/dlq/${failed.id}/requeue`, { expected: [200, 409, 503] })
  }
}

/** Closes one dead letter. */
export async function close(world: OperatorsWorld, node: SimNode): Promise<void> {
  const failed = deadLetter(world)
  if (!failed) return
  const how = { expected: [200, 409, 503], body: '{"reason":"settled by hand"}' }
  await ask(world, node, 'POST', `/v1/kkt/buffer/dlq/${failed.id}/close`, how)
}

const deadLetter = ({ receipts }: OperatorsWorld) =>
  [...receipts.all.values()].find(({ status }) => status === 'failed')

/** Reads a node's health and status. */
export async function look(world: OperatorsWorld, node: SimNode): Promise<void> {
  for (const path of ['/v1/health', '/v1/kkt/buffer/status']) {
    await ask(world, node, 'GET', path, { expected: [200, 503] })
  }
}

/** The statuses that may come, and the request's body. */
type Exchange = { expected: number[]; body?: string | null }

async function ask(
  { findings }: OperatorsWorld,
  node: SimNode,
  method: string,
  path: string,
  { expected, body = null }: Exchange,
): Promise<void> {
  const answer = await node.ask(new Request(`http://localhost${path}`, { method, body }))
  if (!answer) return
  const what = `${method} ${path.replace(/[0-9a-f-]{36}/, '{id}')}`
  findings.count('other answers', `${what} ${answer.status}`)
  if (!expected.includes(answer.status)) {
    findings.violated('answers', `${node.name} answers ${what} with ${answer.status}: ${answer.text}`)
  }
}
