import { useState } from 'preact/hooks'
import { Dialog } from './ui.tsx'

/** One word of a shell's line. Within single quotes the shell treats every character but a single quote as it is. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

type CopyWords = { title: string; text: string; close: string }
type CopyButtonProps = {
  label: string
  title: string
  children: string
  lineOf: () => string
  onCopied: () => void
  words: CopyWords
}

/** Copies a line for the shell, or shows it selected where there is no clipboard. */
export function CopyButton({ label, title, children, lineOf, onCopied, words }: CopyButtonProps) {
  const [shown, setShown] = useState<string | null>(null)
  const copy = async () => {
    const line = lineOf()
    try {
      // Browsers give no clipboard to a page over plain HTTP from another machine, and the user may forbid it.
      await navigator.clipboard.writeText(line)
      onCopied()
    } catch {
      setShown(line)
    }
  }
  return (
    <>
      <button type="button" class="curl" title={title} aria-label={label} onClick={() => void copy()}>
        {children}
      </button>
      {shown !== null && <LineDialog line={shown} words={words} onClose={() => setShown(null)} />}
    </>
  )
}

function LineDialog({ line, words, onClose }: { line: string; words: CopyWords; onClose: () => void }) {
  return (
    <Dialog title={words.title} onClose={onClose}>
      <p>{words.text}</p>
      <textarea
        readOnly
        rows={4}
        spellcheck={false}
        aria-label={words.title}
        value={line}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <p class="actions">
        <button type="button" onClick={onClose}>
          {words.close}
        </button>
      </p>
    </Dialog>
  )
}
