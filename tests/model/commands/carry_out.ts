import type { SimNode } from '../world/node.ts'
import { pruneNow } from '../world/pruning.ts'
import type { RegisterSide } from '../world/register_side.ts'
import type { World } from '../world/world.ts'
import { type Command, told } from './command.ts'
import { Errands } from './errands.ts'
import { close, closeUntraced, look, requeue, settleReceipt, settleTask, sync } from './operator.ts'
import { PuttingRight } from './put_right.ts'
import { refund } from './refund.ts'
import { Tills, tillName } from './tills.ts'

type ToNode = Extract<Command, { node: number }>
type AfterSales = Extract<ToNode, { do: 'put_right' | 'repeat_right' | 'refund' | 'prune' }>
type ByOperator = Extract<
  ToNode,
  { do: 'sync' | 'requeue' | 'close' | 'look' | 'settle_task' | 'settle_receipt' | 'close_untraced' }
>
type ToRegister = Extract<Command, { do: 'register_wire' | 'register_tasks' | 'register_dies' | 'delete_results' }>
type ToWorld = Exclude<Command, ToNode | { do: 'wait' }>

/** Carries out the commands of one history in its world. */
export class Conductor {
  #tills: Tills
  #putRight: PuttingRight
  #errands: Errands

  constructor(private readonly world: World) {
    this.#tills = new Tills(world)
    this.#putRight = new PuttingRight(world, this.#tills)
    this.#errands = new Errands(world, this.#tills)
  }

  /** Resolves once everything waits for time to pass. @throws Restless */
  async carryOut(command: Command): Promise<void> {
    const { findings, time, nodes } = this.world
    findings.count('commands', command.do)
    findings.tell(`- ${told(command)}`)
    if (command.do === 'wait') await time.pass(command.ms)
    else if (!('node' in command)) this.#toWorld(command)
    else {
      const node = nodes[command.node % nodes.length]
      if (node) this.#toNode(command, node)
    }
    await time.rest()
  }

  #toWorld(command: ToWorld): void {
    const { rig, ofd, redis, time, findings, tills, side } = this.world
    switch (command.do) {
      case 'set_clock':
        time.setWallBy(command.byMs)
        break
      case 'ofd': {
        const fault = { name: command.fault, on: command.on, left: command.times }
        if (side) side.ofd.fault = fault
        else ofd.fault = fault
        break
      }
      case 'ofd_power_cycle':
        ofd.powerCycles += 1
        break
      case 'refuse':
        ofd.refusal = { what: command.what, till: tillName(command.till), status: command.status }
        break
      case 'kkt':
        for (const name of Object.keys(command.faults)) findings.count('KKT faults', name)
        if (side) side.service.register.faults.configure(command.faults)
        else this.world.taskAnswers.kktIs(rig.kkt.faults.configure(command.faults).gone)
        break
      case 'register_wire':
      case 'register_tasks':
      case 'register_dies':
      case 'delete_results':
        if (side) this.#toRegister(command, side)
        break
      case 'disk': {
        findings.count('disk faults', `${command.disk} ${command.fault}`)
        const disk = command.disk === 'kkt' ? rig.kktDisk : rig.journalDisk
        disk.fault = { name: command.fault, left: command.times }
        break
      }
      case 'replace_fn':
        this.world.replaceFn()
        break
      case 'settings':
        tills.change()
        break
      case 'flush_redis':
        redis.flush()
        break
      case 'other_host':
        findings.count('lease', 'another host comes')
        redis.visit(command.ms, command.dies)
        break
      case 'spoil_redis':
        redis.spoil()
        break
      case 'heal':
        this.#heal(command.what)
    }
  }

  #toRegister(command: ToRegister, { network, service }: RegisterSide): void {
    const { findings, nodes } = this.world
    if (command.do === 'register_wire') {
      findings.count('register faults', command.plan)
      network.fault = { name: command.plan, on: command.on, left: command.times }
    } else if (command.do === 'register_tasks') {
      findings.count('register faults', command.plan.fault.what)
      service.strikeTasks(command.plan)
    } else {
      const isLost = command.do === 'delete_results' || command.how.queue === 'lost'
      // A request that a paused process has not sent yet would be done a second time. People delete nothing within seconds.
      if (isLost && nodes.some(({ isPaused }) => isPaused)) return
      findings.count(
        'register faults',
        command.do === 'delete_results' ? 'results deleted' : `queue ${command.how.queue}`,
      )
      if (command.do === 'delete_results') service.forgetResults()
      else network.serviceDies(command.how)
    }
  }

  #heal(what: Extract<Command, { do: 'heal' }>['what']): void {
    const { rig, ofd, redis, nodes, side } = this.world
    if (what === 'ofd') ofd.heal()
    if (what === 'ofd' && side) side.ofd.fault = null
    if (what === 'kkt') {
      rig.kkt.faults.reset()
      side?.heal()
      this.world.taskAnswers.kktIs(false)
      for (const node of nodes) node.kktAnswersInMs = 0
    }
    if (what === 'disk') rig.journalDisk.fault = rig.kktDisk.fault = null
    if (what === 'redis') redis.heal()
  }

  #toNode(command: ToNode, node: SimNode): void {
    const { findings, redis } = this.world
    switch (command.do) {
      case 'strike':
        node.strikes.arm(command.strike)
        break
      case 'crash':
        if (node.isUp) findings.count('crashes', 'at rest')
        node.crash()
        break
      case 'start':
        node.start()
        break
      case 'stop':
        node.stop()
        break
      case 'pause':
        if (node.isUp) findings.count('pauses', 'at rest')
        node.pause(command.ms)
        break
      case 'resume':
        node.resume()
        break
      case 'kkt_late':
        node.kktAnswersInMs = command.ms
        break
      case 'redis':
        redis.setReach(node.name, command.reach)
        break
      case 'sell':
        for (let i = 0; i < command.count; i++) this.#tills.sell(node, command.till, command.seed)
        break
      case 'sell_wrong':
        this.#tills.sendWrong(node, command.till, command.seed)
        break
      case 'repeat':
        this.#tills.sendAgain(node, command.back, 0)
        break
      case 'misuse':
        this.#tills.sendAgain(node, command.back, 1)
        break
      case 'put_right':
      case 'repeat_right':
      case 'refund':
      case 'prune':
        this.#afterSales(command, node)
        break
      case 'task':
        this.#errands.send(node, command)
        break
      case 'repeat_task':
        this.#errands.sendAgain(node, command.back, command.other)
        break
      default:
        void this.#byOperator(command, node)
    }
  }

  #byOperator(command: ByOperator, node: SimNode): Promise<void> {
    switch (command.do) {
      case 'sync':
        return sync(this.world, node)
      case 'requeue':
        return requeue(this.world, node, command.what)
      case 'close':
        return close(this.world, node)
      case 'look':
        return look(this.world, node)
      case 'settle_task':
        return settleTask(this.world, node)
      case 'settle_receipt':
        return settleReceipt(this.world, node)
      case 'close_untraced':
        return closeUntraced(this.world, node)
    }
  }

  #afterSales(command: AfterSales, node: SimNode): void {
    const { prunes } = this.world.journal
    if (command.do === 'put_right') this.#putRight.send(node, command)
    else if (command.do === 'repeat_right') this.#putRight.sendAgain(node, command.back, command.other)
    else if (command.do === 'refund') refund(this.world, this.#tills, node, command)
    else {
      prunes.receipts = true
      prunes.originals ||= command.what === 'all'
      const { served } = node
      // A till of a paused process waits longer than receipts are kept here.
      const somebodyIsPaused = this.world.nodes.some(({ isPaused }) => isPaused)
      if (served && node.listens && !somebodyIsPaused) pruneNow(served.journal, this.world.time, command.what)
    }
  }
}
