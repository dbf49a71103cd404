import { type Settings, SIMPLEST } from '../world/settings.ts'
import type { Strike } from '../world/strikes.ts'
import { type Command, FOR_EVER } from './command.ts'

const nodeName = (node: number) => (node % 2 === 0 ? 'A' : 'B')
const spaced = (name: string) => name.replaceAll('_', ' ')
const duration = (ms: number) => (ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`)
const often = (times: number) => (times === FOR_EVER ? 'from now on' : times === 1 ? 'once' : `${times} times`)

/** A command in words for the story. */
export function inWords(command: Command): string {
  switch (command.do) {
    case 'sell':
      return `till-${command.till} sends ${command.count === 1 ? 'a receipt' : `${command.count} receipts`} to ${nodeName(command.node)}`
    case 'repeat':
      return `${before(command.back)} is sent again, to ${nodeName(command.node)}`
    case 'misuse':
      return `the key of ${before(command.back)} is sent with another body, to ${nodeName(command.node)}`
    case 'wait':
      return `${duration(command.ms)} pass`
    case 'set_clock':
      return `the wall clock is set by ${command.byMs / 3_600_000} h`
    case 'ofd':
      return `the OFD meets ${command.on === 'all' ? 'all requests' : command.on} with "${spaced(command.fault)}", ${often(command.times)}`
    case 'ofd_power_cycle':
      return "the OFD's machine loses its power for a moment"
    case 'refuse':
      return `the OFD answers ${command.status} to ${refused(command)}`
    case 'kkt':
      return `the KKT: ${Object.entries(command.faults).map((fault) => fault.map(String).map(spaced).join(' '))}`
    case 'kkt_late':
      return `the KKT's answers take ${duration(command.ms)} to come to ${nodeName(command.node)}`
    case 'disk':
      return `the disk of the ${command.disk} fails, "${spaced(command.fault)}", ${often(command.times)}`
    case 'redis':
      return `Redis is ${spaced(command.reach)} for ${nodeName(command.node)}`
    case 'flush_redis':
      return 'Redis loses its memory'
    case 'other_host':
      return `another host has something to send for ${duration(command.ms)}, and then ${command.dies ? 'dies' : 'leaves'}`
    case 'spoil_redis':
      return 'Redis has no token in the place of the newest'
    case 'heal':
      return `the ${command.what} works again`
    case 'strike':
      return `${nodeName(command.node)} is to ${strikeInWords(command.strike)}`
    case 'pause':
      return `${nodeName(command.node)} is paused for ${duration(command.ms)}`
    case 'sync':
      return `an operator has ${nodeName(command.node)} deliver everything now`
    case 'requeue':
      return `an operator requeues ${command.what === 'all' ? 'all dead letters' : 'a dead letter'} at ${nodeName(command.node)}`
    case 'close':
      return `an operator closes a dead letter at ${nodeName(command.node)}`
    case 'look':
      return `somebody looks at ${nodeName(command.node)}'s health and status`
    default:
      return `${nodeName(command.node)} is ${PAST[command.do]}`
  }
}

const PAST = { crash: 'killed', start: 'started', stop: 'told to stop', resume: 'resumed' }

const before = (back: number) => (back === 0 ? 'the last receipt' : `the receipt ${back} before the last`)

const refused = ({ what, till }: Extract<Command, { do: 'refuse' }>) =>
  ({ next: 'the next receipt', till: `every receipt of till-${till}`, all: 'every receipt' })[what]

function strikeInWords({ deed, point, nth, ...strike }: Strike): string {
  const side = 'side' in strike ? `right ${strike.side} its ${spaced(point)}` : `at ${spaced(point)}`
  const when = `${side}${nth === 1 ? '' : `, the ${nth}th from now`}`
  if (deed === 'crash') return `die ${when}`
  return deed === 'pause' && 'ms' in strike ? `pause ${when}, for ${duration(strike.ms)}` : `wake the others ${when}`
}

/** The settings that differ from the simplest world. */
export function settingsInWords(settings: Settings): string {
  const told = Object.entries(settings).filter(([name, value]) => Reflect.get(SIMPLEST, name) !== value)
  return told.map(([name, value]) => `${name} ${value}`).join(', ')
}
