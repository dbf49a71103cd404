import type { Mutant } from './mutant.ts'

const READER = 'services/platform/listener/reader.ts'

/** Bugs by which two readers of the same bytes see a request's end in two places. */
export const LISTENER: readonly Mutant[] = [
  {
    name: 'take any character in a chunk extension',
    breaks: 'invariant 10',
    file: READER,
    find: String.raw`(?:;[\t -~\x80-\xff]*)?$/i`,
    replace: '(?:;|$)/i',
  },
  {
    name: 'take any line as a trailer',
    breaks: 'invariant 10',
    file: READER,
    find: 'return isFieldLine(line) ? null :',
    replace: 'return true ? null :',
  },
]
