/** A line for the user. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** A line a step: what is being done, and when it is done, how long that took. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now()
  process.stdout.write(`${what} … `)
  try {
    const result = await work()
    say(`${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
    return result
  } catch (error) {
    say('no')
    throw error
  }
}

/** The first lines of a text, and a sign where that is not all of it. */
export function firstLines(text: string, count: number): string {
  const lines = text.split('\n')
  return lines.length > count ? [...lines.slice(0, count), '…'].join('\n') : text
}

/** @param count how many of the last lines to keep */
export const lastLines = (text: string, count: number): string => text.trimEnd().split('\n').slice(-count).join('\n')

export const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ')
