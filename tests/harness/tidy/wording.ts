import { COMMENT, NOT_CODE, type Source } from './source.ts'

type Comment = { line: number; text: string }

const SCRIPT = /\.(tsx?|js|css)$/
/** In a document `#` begins a heading. */
const WITHOUT_COMMENTS = /\.(md|json|htm)$/
/** In SQL, YAML and Dockerfiles, whose strings hold no comment marks. */
const HASH_OR_DASHES = /(?<=^|\s)(?:--|#) .*/g
const MARKS = /^\s*(?:\/\*\*?|\*\/|\*|\/\/|--|#)?\s?|\s*\*\/$/g

const verbs = 'is|are|was|were|has|have|had|can|cannot|may|might|must|will|would|does|do|did'
const BECAUSE_FOR = new RegExp(
  `,\\s+for\\s+(?:(?:it|they|he|she|we|you|there|then|nobody|nothing|none)\\s+(?!to\\b)\\w` +
    `|(?:the|an?|this|that|these|those|its|their|each|every|no)\\s+(?:(?!that\\b|which\\b|who\\b)[\\w’'-]+\\s+){0,5}(?:${verbs})\\b)`,
)
/** A sentence that ends in a question mark may begin in this way. */
const NOUN_CLAUSE = /(?:^|[.!?]\s+|^-\s+)(?:What|Who|Whoever|Whatever|Whichever)\b(?![^.]*\?)/
const STIFF_WORDS = /\banew\b|\bhow manieth\b|\bof before\b|\bnought\b/i

/** The lines of the comments that a stranger has to read twice. */
export const stiffLines = (source: Source): number[] =>
  commentsOf(source).flatMap(({ line, text }) =>
    [NOUN_CLAUSE, STIFF_WORDS, BECAUSE_FOR].some((stiff) => stiff.test(text)) ? [line] : [],
  )

/** Adjacent line comments are one: a sentence may go on in the next line. */
function commentsOf({ path, text }: Source): Comment[] {
  if (WITHOUT_COMMENTS.test(path)) return []
  const found = [...text.matchAll(SCRIPT.test(path) ? NOT_CODE : HASH_OR_DASHES)].filter(
    ([part]) => !SCRIPT.test(path) || COMMENT.test(part),
  )
  const comments: (Comment & { end: number })[] = []
  for (const { 0: part, index } of found) {
    const words = part.split('\n').map((line) => line.replaceAll(MARKS, ''))
    const last = comments.at(-1)
    const isNext = last && !part.startsWith('/*') && /^\n[ \t]*$/.test(text.slice(last.end, index))
    if (isNext) {
      last.text += ` ${words.join(' ')}`
      last.end = index + part.length
    } else {
      const line = text.slice(0, index).split('\n').length
      comments.push({ line, text: words.join(' ').trim(), end: index + part.length })
    }
  }
  return comments
}
