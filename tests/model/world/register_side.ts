import type { Findings } from '../checks/findings.ts'
import { RegisterNetwork } from './register_network.ts'
import { RegisterOfd, type RegistersDocument } from './register_ofd.ts'
import type { RegisterService, TaskWatch } from './register_service.ts'
import type { SimTime } from './time.ts'

type Deps = {
  service: RegisterService
  time: SimTime
  random: () => number
  findings: Findings
  /** Sees the tasks of its driver and the documents at the OFD. */
  watch: () => TaskWatch & { taken(document: RegistersDocument): void }
  committed: () => void
  taskMs: number
}

export type RegisterSide = ReturnType<typeof createRegisterSide>

/** A register behind its service, the network before it, and the OFD behind it, in a new history. */
export function createRegisterSide({ service, time, random, findings, watch, committed, taskMs }: Deps) {
  const network = new RegisterNetwork({
    time,
    service,
    random,
    arrived(what, how) {
      findings.count('register', `${what.replace(/^query.*/, 'query')} meets ${how.replaceAll('_', ' ')}`)
      if (how !== 'no fault') findings.tell(`the register: ${what} meets ${how}`)
    },
  })
  const ofd = new RegisterOfd({
    time,
    random,
    arrived(method, how) {
      findings.count('OFD', `${method === 'GET' ? 'look-up' : 'document'} meets ${how.replaceAll('_', ' ')}`)
    },
    taken: (document) => watch().taken(document),
  })
  return {
    service,
    network,
    ofd,
    /** Begins the history. */
    begin(): void {
      service.begin({
        time,
        random,
        committed,
        taskMs,
        sendToOfd: ofd.send,
        watch: {
          begins: (uuid) => watch().begins(uuid),
          ended(uuid, type, isDone) {
            if (!isDone) network.failures += 1
            watch().ended(uuid, type, isDone)
          },
        },
      })
    },
    heal(): void {
      network.fault = null
      ofd.fault = null
      service.heal()
    },
  }
}
