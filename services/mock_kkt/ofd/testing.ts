/** A register's documents and a mock OFD on one clock. */
import { createKeptLog } from '@kkt/fault-kit/testing.ts'
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import { START_MS, using } from '@kkt/mock-ofd/testing.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import type { ArchivedDocument } from '../register.ts'
import { createOfdDelivery, type Sender } from './delivery.ts'

const REGISTRATION: Sender['registration'] = {
  registrationNumber: '0000000001002292',
  serialNumber: 'TEST0123456789',
  seller: { name: 'Optika', inn: '7700000009' },
  address: 'Moscow, Lesnaya 1',
  place: 'Shop 3',
  fnsUrl: 'www.nalog.gov.ru',
  taxationSystems: ['osn'],
  ffdVersion: '1.2',
}

const report = (fnNumber: string, fdNumber: number): ArchivedDocument => ({
  kind: 'ofd_report',
  isSent: false,
  isOnPaper: true,
  doc: { fdNumber, fiscalSign: '1234567890', fiscalDatetime: '2026-01-31T15:00:00+03:00', fnNumber, shiftNumber: 1 },
})

export const quiet = createKeptLog().logger

/** An archive of reports, the plainest documents, in place of a register. */
export function createArchive(fnNumber = '9999078900001234') {
  let fn = { number: fnNumber, last: 0, confirmed: 0 }
  const register: Sender = {
    registration: REGISTRATION,
    state: () => {
      const count = fn.last - fn.confirmed
      return {
        unsent: { count, firstFd: count === 0 ? null : fn.confirmed + 1, sinceMs: count === 0 ? null : START_MS },
      }
    },
    document: (fdNumber) => (fdNumber <= fn.last ? report(fn.number, fdNumber) : null),
    confirmThrough(ofFn, fdNumber) {
      if (ofFn === fn.number) fn.confirmed = Math.max(fn.confirmed, fdNumber)
    },
  }
  return {
    register,
    make(count: number) {
      fn.last += count
    },
    replaceFn(number: string) {
      fn = { number, last: 1, confirmed: 0 }
    },
    unsent: () => register.state().unsent.count,
  }
}

/** @param archive of an earlier process, after a restart */
export function deliver(archive = createArchive(), ofd = createOfd()) {
  const log = createKeptLog()
  const delivery = createOfdDelivery({
    register: archive.register,
    clock: ofd.clock,
    logger: log.logger,
    url: 'http://localhost/',
    send: ofd.send,
    random: () => 0,
  })
  return { ...archive, ...ofd.mock, archive, ofd, delivery, log }
}

export function createOfd() {
  const clock = new TestClock(START_MS)
  const mock = createMockOfd({ clock, logger: quiet })
  /** As over the network, an answer that comes after its client has left is none. */
  async function send(request: Request): Promise<Response> {
    const response = await mock.app.handle(request)
    request.signal.throwIfAborted()
    return response
  }
  return { clock, send, mock: using(mock, clock, createKeptLog()) }
}
