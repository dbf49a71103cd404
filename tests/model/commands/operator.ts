import type { SimNode } from '../world/node.ts'
import type { World } from '../world/world.ts'

type OperatorsWorld = Pick<World, 'findings' | 'breaker' | 'receipts' | 'tasks' | 'kkt' | 'settings'>

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

/** Says of one unclear task whether the KKT has done it. */
export async function settleTask(world: OperatorsWorld, node: SimNode): Promise<void> {
  const task = world.tasks.open.find(({ status }) => status === 'unclear')
  if (!task) return
  const body = JSON.stringify({ done: task.timesDone > 0, reason: 'counted by hand' })
  await ask(world, node, 'POST', `/v1/kkt/task/${task.id}/settle`, { expected: [200, 409, 503], body })
}

/** Says of one receipt which document the FN has made of it that was taken out. */
export async function settleReceipt(world: OperatorsWorld, node: SimNode): Promise<void> {
  const untold = [...world.receipts.all.values()].find(({ isUntold }) => isUntold)
  if (!untold) return
  const signed = world.kkt.signedOf(untold.id)
  const body = JSON.stringify(
    signed === null
      ? { printed: false }
      : {
          printed: true,
          fd: signed.fd,
          fpd: signed.fpd,
          fiscal_datetime: signed.fiscalDatetime,
          shift_number: signed.shiftNumber,
          receipt_number: signed.receiptNumber,
        },
  )
  await ask(world, node, 'POST', `/v1/kkt/receipt/${untold.id}/settle`, { expected: [200, 409, 503], body })
}

/** Says of the receipts of an FN that was replaced how they were settled, where it has not told that the OFD holds them. */
export async function closeUntraced(world: OperatorsWorld, node: SimNode): Promise<void> {
  const { kkt, receipts } = world
  const fns = receipts.kept.filter(({ status }) => status === 'pending').map(({ id }) => kkt.signedOf(id)?.fn)
  const replaced = world.settings.kkt === 'atol' ? fns.find((fn) => fn !== kkt.fnNumber) : undefined
  if (replaced === undefined) return
  const body = JSON.stringify({ fn_number: replaced, reason: 'read from the archive of the FN' })
  await ask(world, node, 'POST', '/v1/kkt/buffer/untraced/close', { expected: [200, 409, 503], body })
}

/** Reads a node's health and status. */
export async function look(world: OperatorsWorld, node: SimNode): Promise<void> {
  for (const path of ['/v1/health', '/v1/kkt/buffer/status', '/v1/kkt/shift', '/v1/kkt/shifts', '/v1/kkt/tasks']) {
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
