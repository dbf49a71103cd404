/** Disks that fail while a process writes to them: each by what the kernel really answers to its calls. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, symlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export type Disk = {
  /** For the files of one adapter. */
  folder: string
  /** A command that the adapter has to be started through. */
  through: string[]
  fail(pid: number): void
  heal(pid: number): void
  /** To be called at the end, whether it fails or not, and once or more. */
  remove(): void
}

/** Runs a command to its end. Returns what went wrong, or null. */
export function complaintOf(command: string, ...args: string[]): string | null {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (error) return `there is no ${command}`
  return status === 0 ? null : stderr.trim()
}

function must(command: string, ...args: string[]): void {
  const complaint = complaintOf(command, ...args)
  if (complaint !== null) throw new Error(`${command} ${args.join(' ')}: ${complaint}`)
}

const clear = (folder: string): void => rmSync(folder, { recursive: true, force: true })

/** Files can grow no further than `bytes`, those that are longer neither: a write beyond that is EFBIG. */
export function limitFileSize(pid: number, bytes: number | 'unlimited'): void {
  must('prlimit', '--pid', String(pid), `--fsize=${bytes}:`)
}

/** Without this the first write beyond the limit would end the process. */
const IGNORING_THE_SIGNAL = ['sh', '-c', 'trap "" XFSZ && exec "$@"', 'sh']

/** Where files cannot be written to: EFBIG. */
export function limitedDisk(folder: string): Disk {
  return {
    folder,
    through: IGNORING_THE_SIGNAL,
    fail: (pid) => limitFileSize(pid, 0),
    heal: (pid) => limitFileSize(pid, 'unlimited'),
    remove: () => clear(folder),
  }
}

const CHUNK = Buffer.alloc(64 * 1024)
const { SMALL_DISK } = process.env
/** One that is mounted from outside, where nobody may mount: only one test at a time can use it. */
export const isSmallDiskShared = SMALL_DISK !== undefined
/** Room for an adapter's files, and not much more to fill. */
const DISK_BYTES = 16 * 1024 * 1024

/** Fills a disk to its last byte. */
function fill(path: string): void {
  const file = openSync(path, 'a')
  try {
    for (let bytes = CHUNK.length; bytes > 0; ) {
      const isFull = !wrote(file, bytes)
      if (isFull) bytes = Math.floor(bytes / 2)
    }
  } finally {
    closeSync(file)
  }
}

function wrote(file: number, bytes: number): boolean {
  try {
    return writeSync(file, CHUNK, 0, bytes) > 0
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false
    throw error
  }
}

/** A disk that others have filled: ENOSPC. */
export function smallDisk(mountPoint: string): Disk {
  const disk = SMALL_DISK ?? mountPoint
  const folder = join(disk, 'adapter')
  const filler = join(disk, 'filler')
  if (!isSmallDiskShared) {
    mkdirSync(mountPoint, { recursive: true })
    must('mount', '-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', mountPoint)
  }
  mkdirSync(folder, { recursive: true })
  let isMounted = !isSmallDiskShared
  return {
    folder,
    through: [],
    fail: () => fill(filler),
    heal: () => rmSync(filler),
    remove() {
      clear(filler)
      clear(folder)
      // Lazily: a process that was killed may not have let go of its files yet.
      if (isMounted) must('umount', '--lazy', mountPoint)
      isMounted = false
    },
  }
}

/** Far more than a process needs to stop. */
const MOST_LOOKS = 1_000_000

/** Does something that a process must not see half done. */
function whilePaused(pid: number, work: () => void): void {
  process.kill(pid, 'SIGSTOP')
  const isStopped = () => /^State:\s+[Tt]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  for (let looks = 0; !isStopped(); looks++) if (looks > MOST_LOOKS) throw new Error(`Process ${pid} does not stop`)
  try {
    work()
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}

/**
 * Calls on the files of a folder that are answered with an error. strace goes by the name that a file has at the moment of
 * the call, and so the folder is renamed to have them fail. A link keeps the files in place for whoever looks at their path.
 */
export function brokenDisk(base: string, call: 'pwrite64' | 'fsync', errno: string): Disk {
  const [folder, broken] = [join(base, 'whole'), join(base, 'broken')]
  mkdirSync(folder, { recursive: true })
  const files = ['buffer.db', 'buffer.db-wal', 'kkt.db', 'kkt.db-wal'].flatMap((name) => ['-P', join(broken, name)])
  return {
    folder,
    through: ['strace', '-D', '-f', '-o', '/dev/null', ...files, '-e', `inject=${call}:error=${errno}`],
    fail: (pid) =>
      whilePaused(pid, () => {
        renameSync(folder, broken)
        symlinkSync(broken, folder)
      }),
    heal: (pid) =>
      whilePaused(pid, () => {
        rmSync(folder)
        renameSync(broken, folder)
      }),
    remove: () => clear(base),
  }
}

/** Why a disk of a kind cannot be had here, or null. */
export const unavailable = {
  limited: (): string | null => complaintOf('prlimit', '--version'),
  small(): string | null {
    if (isSmallDiskShared) return null
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can mount a small disk'
    return complaintOf('unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp')
  },
  broken: (): string | null => complaintOf('strace', '-D', '-o', '/dev/null', 'true'),
}
