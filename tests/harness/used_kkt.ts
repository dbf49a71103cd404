/** The cash register on which the stack under test sells, be it inside the adapter or on the network: its FN and its troubles. */
import { kkt, register } from './clients.ts'
import { sellsOnRegister } from './under_test.ts'
import type { KktFaults } from './wire_kkt.ts'
import { idInTag } from './wire_register.ts'

/** A document of any kind. `receipt_id`: of the adapter's receipt; null for a document of none. */
type Document = { kind: string; fiscal_doc_number: number; receipt_id: string | null; on_paper: boolean }
/** Money that was put into the drawer or taken out. */
type CashMove = { kind: string; amount: number | null }
/** Faults of a mock by their names, as its configuration takes them. */
type Plan = Record<string, unknown>

type UsedKkt = {
  /** The number of the FN's last document. */
  lastFd(): Promise<number>
  /** The FN's documents of all kinds after that FD number, in FD order. */
  allDocuments(after: number): Promise<Document[]>
  replaceFn(): Promise<{ old_fn_number: string; new_fn_number: string }>
  /** All that it remembers, in order. */
  cashMoves(): Promise<CashMove[]>
  /**
   * Puts a trouble on or ends it. Others stay as they are.
   * @param atRegister what the register on the network calls it, where that is not the same
   */
  trouble(inside: Partial<KktFaults>, atRegister?: Plan): Promise<unknown>
}

const CASH_MOVES: Record<string, string> = { cashIn: 'cash_in', cashOut: 'cash_out' }

const inside: UsedKkt = {
  lastFd: kkt.lastFd,
  allDocuments: kkt.allDocuments,
  replaceFn: kkt.replaceFn,
  cashMoves: async () => (await kkt.tasks(0)).filter(({ kind }) => Object.values(CASH_MOVES).includes(kind)),
  trouble: (change) => kkt.configure(change),
}

function onNetwork({ documents, requests, replaceFn, configure }: NonNullable<typeof register>): UsedKkt {
  const allDocuments = async (after: number): Promise<Document[]> =>
    (await documents(after)).map(({ kind, fd_number, user_attribute, is_on_paper }) => ({
      kind,
      fiscal_doc_number: fd_number,
      receipt_id: idInTag(user_attribute),
      on_paper: is_on_paper,
    }))
  return {
    allDocuments,
    lastFd: async () => (await allDocuments(0)).at(-1)?.fiscal_doc_number ?? 0,
    replaceFn,
    cashMoves: async () =>
      (await requests()).flatMap(({ tasks }) =>
        tasks.flatMap(({ task: { type, cashSum }, status }) => {
          const kind = CASH_MOVES[type]
          return kind !== undefined && status === 'ready' ? [{ kind, amount: cashSum ?? null }] : []
        }),
      ),
    trouble: (change, atRegister = change) => configure(atRegister),
  }
}

function registerInUse(): UsedKkt {
  if (register === null) throw new Error('KKT_MODE is atol, and MOCK_KKT_URL does not say where the register is')
  return onNetwork(register)
}

export const usedKkt: UsedKkt = sellsOnRegister ? registerInUse() : inside
