/** Disks that fail while a process writes to them, by the kernel's real errors. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, symlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export type Disk = {
  /** The folder for the files of one adapter. */
  folder: string
  /** A command through which the adapter must be started. */
  through: string[]
  fail(pid: number): void
  heal(pid: number): void
  /** Removes the disk, whether it fails or not. A second call does nothing. */
  remove(): void
}

/** Runs a command to its end. @returns its error, or null */
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

/** No file can grow beyond `bytes`, and no longer file can be extended: such a write is EFBIG. */
export function limitFileSize(pid: number, bytes: number | 'unlimited'): void {
  must('prlimit', '--pid', String(pid), `--fsize=${bytes}:`)
}

/** Without this, the first write beyond the limit would end the process. */
const IGNORING_THE_SIGNAL = ['sh', '-c', 'trap "" XFSZ && exec "$@"', 'sh']

/** A disk whose files cannot be written: EFBIG. */
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
/** A disk that was mounted from outside, where the tests may not mount. Only one test can use it at a time. */
export const isSmallDiskShared = SMALL_DISK !== undefined
/** Room for an adapter's files, and little more to fill. */
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

/** A disk that is full: ENOSPC. */
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
      // A lazy unmount, because a killed process may not have closed its files yet.
      if (isMounted) must('umount', '--lazy', mountPoint)
      isMounted = false
    },
  }
}

/** Ample time for a process to stop. */
const MOST_LOOKS = 1_000_000

/** Does something that the process must not see half done. */
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
 * A disk on which a system call fails. strace matches the name that a file has at the moment of the call, so the disk fails
 * when the folder is renamed. A link keeps the files at their old path.
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

/** The reason why a kind of disk is not available here, or null. */
export const unavailable = {
  limited: (): string | null => complaintOf('prlimit', '--version'),
  small(): string | null {
    if (isSmallDiskShared) return null
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can mount a small disk'
    return complaintOf('unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp')
  },
  broken: (): string | null => complaintOf('strace', '-D', '-o', '/dev/null', 'true'),
}
