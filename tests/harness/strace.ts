/** Reads a trace of `strace -f -y -o`: a process's system calls, and when its commits were on the disk. */

export type Call = {
  name: string
  /** The file behind the descriptor: a path, or `socket:[1]`. */
  path: string
  /** The other arguments as strace prints them, with the quotes inside strings unescaped. */
  args: string
  /** Null where the call never returned. */
  result: number | null
  /** The lines of the trace at which it began and ended. A call that ended on an earlier line ended before. */
  beganAt: number
  endedAt: number
}

const BEGINNING = /^(\d+) +(\w+)\(\d+<([^>]*)>(?:, )?(.*)$/
const RESUMED = /^(\d+) +<\.\.\. \w+ resumed>(.*)$/
const UNFINISHED = ' <unfinished ...>'

/** Every call on a file descriptor, in order of its beginning. */
export function parseTrace(text: string): Call[] {
  const calls: Call[] = []
  const unfinished = new Map<string, Call>()
  for (const [index, line] of text.split('\n').entries()) {
    const [, resumedThread = '', rest = ''] = RESUMED.exec(line) ?? []
    const resumed = unfinished.get(resumedThread)
    if (resumed) {
      unfinished.delete(resumedThread)
      Object.assign(resumed, { ...ended(resumed.args + rest), endedAt: index + 1 })
    }
    const [, thread, name, path, args] = BEGINNING.exec(line) ?? []
    if (thread === undefined || name === undefined || path === undefined || args === undefined) continue
    const call = { name, path, beganAt: index + 1, endedAt: index + 1 }
    if (args.endsWith(UNFINISHED)) {
      const open = { ...call, args: args.slice(0, -UNFINISHED.length), result: null, endedAt: Number.POSITIVE_INFINITY }
      unfinished.set(thread, open)
      calls.push(open)
    } else {
      calls.push({ ...call, ...ended(args) })
    }
  }
  return calls
}

/** Splits a finished call's arguments from its result. */
function ended(rest: string): Pick<Call, 'args' | 'result'> {
  const [whole = '', result] = /\) += (-?\d+)[^"]*$/.exec(rest) ?? []
  const args = rest.slice(0, rest.length - whole.length).replaceAll('\\"', '"')
  return { args, result: result === undefined ? null : Number(result) }
}

/** A transaction in a WAL, and the line at which a sync had put it on the disk: Infinity where none had. */
export type Commit = { text: string; onDiskAt: number }

/** The length of the header before each page in a WAL: https://sqlite.org/fileformat2.html#walformat */
const FRAME_HEADER_BYTES = 24

/**
 * The transactions that were written to a WAL, in order. A transaction is on the disk once a sync has succeeded that began
 * after its last page.
 */
export function commitsOf(calls: Call[], walPath: string): Commit[] {
  const own = calls.filter(({ path }) => path === walPath)
  const syncs = own.filter(({ name, result }) => (name === 'fsync' || name === 'fdatasync') && result === 0)
  const commits: Commit[] = []
  let text = ''
  let isLast = false
  for (const { name, args, endedAt } of own) {
    if (name !== 'pwrite64') continue
    const [, data = '', bytes] = /^"(.*)"(?:\.\.\.)?, (\d+), \d+$/s.exec(args) ?? []
    if (Number(bytes) === FRAME_HEADER_BYTES) {
      isLast = isCommitFrame(data)
      continue
    }
    text += data
    if (!isLast) continue
    commits.push({
      text,
      onDiskAt: syncs.find(({ beganAt }) => beganAt > endedAt)?.endedAt ?? Number.POSITIVE_INFINITY,
    })
    text = ''
    isLast = false
  }
  return commits
}

/** The second number of a frame's header is the database's size where the frame ends a transaction, and 0 elsewhere. */
function isCommitFrame(header: string): boolean {
  return /[^\0]/.test(unescaped(header).slice(4, 8))
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f' }

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{1,3}|[^0-7])/g, (_whole, code: string) =>
    /[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  )

/** The line where a 200 with this text was first written to a socket: Infinity where none was. */
export function answeredAt(calls: Call[], text: string): number {
  const sent = calls.filter(({ name, path }) => path.startsWith('socket:') && /^(write|send)/.test(name))
  // The log may go to a socket, too, and it names receipts earlier.
  const ofClients = new Set(sent.filter(({ args }) => args.includes('HTTP/1.1 200')).map(({ path }) => path))
  const writes = sent.filter(({ path }) => ofClients.has(path))
  const found = writes.find(({ args }) => args.includes(text))
  if (!found) return Number.POSITIVE_INFINITY
  // An answer's head may be written before its body.
  const head = writes.findLast(
    ({ path, args, beganAt }) => path === found.path && beganAt <= found.beganAt && args.includes('HTTP/1.1 200'),
  )
  return (head ?? found).beganAt
}
