import type { SimNode } from '../world/node.ts'
import { pruneNow } from '../world/pruning.ts'
import type { World } from '../world/world.ts'
import { type Command, told } from './command.ts'
import { close, look, requeue, sync } from './operator.ts'
import { PuttingRight } from './put_right.ts'
import { refund } from './refund.ts'
import { Tills, tillName } from './tills.ts'

type ToNode = Extract<Command, { node: number }>
type AfterSales = Extract<ToNode, { do: 'put_right' | 'repeat_right' | 'refund' | 'prune' }>
type ToWorld = Exclude<Command, ToNode | { do: 'wait' }>

/** Carries out the commands of one history in its world. */
export class Conductor {
  #tills: Tills
  #putRight: PuttingRight

  constructor(private readonly world: World) {
    this.#tills = new Tills(world)
    this.#putRight = new PuttingRight(world, this.#tills)
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
    const { rig, ofd, redis, time, findings, tills } = this.world
    switch (command.do) {
      case 'set_clock':
        time.setWallBy(command.byMs)
        break
      case 'ofd':
        ofd.fault = { name: command.fault, on: command.on, left: command.times }
        break
      case 'ofd_power_cycle':
        ofd.powerCycles += 1
        break
      case 'refuse':
        ofd.refusal = { what: command.what, till: tillName(command.till), status: command.status }
        break
      case 'kkt':
        for (const name of Object.keys(command.faults)) findings.count('KKT faults', name)
        rig.kkt.faults.configure(command.faults)
        break
      case 'disk': {
        findings.count('disk faults', `${command.disk} ${command.fault}`)
        const disk = command.disk === 'kkt' ? rig.kktDisk : rig.journalDisk
        disk.fault = { name: command.fault, left: command.times }
        break
      }
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

  #heal(what: Extract<Command, { do: 'heal' }>['what']): void {
    const { rig, ofd, redis, nodes } = this.world
    if (what === 'ofd') ofd.heal()
    if (what === 'kkt') {
      rig.kkt.faults.reset()
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
      case 'sync':
        void sync(this.world, node)
        break
      case 'requeue':
        void requeue(this.world, node, command.what)
        break
      case 'close':
        void close(this.world, node)
        break
      case 'look':
        void look(this.world, node)
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
      if (served && node.listens && !node.isPaused) pruneNow(served.journal, this.world.time.wallMs(), command.what)
    }
  }
}
