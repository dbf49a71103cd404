import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Connection } from './stream.ts'

export type Tone = 'good' | 'warn' | 'bad' | 'calm'

/** A titled part of the page. Its title can be linked to and focused. */
export function Panel({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section id={id} class="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </section>
  )
}

/** A word with a colour that repeats its meaning. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>
}

const CONNECTION_TONE = { connecting: 'calm', live: 'good', lost: 'bad' } as const

/** Whether the page is live. */
export function ConnectionBadge({ connection, words }: { connection: Connection; words: Record<Connection, string> }) {
  return (
    <p id="connection" role="status">
      <Badge tone={CONNECTION_TONE[connection]}>{words[connection]}</Badge>
    </p>
  )
}

/** Text with what is between backticks as code. */
export function Prose({ text }: { text: string }) {
  return <>{text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>
}

/**
 * `isBare`: where a row is a card, the title is left out. `isWhole`: its text stays in one line, such as a time. A cell of
 * null is empty.
 */
export type Column<Row> = {
  title: string
  cell: (row: Row) => ComponentChildren
  isNumber?: boolean
  isBare?: boolean
  isWhole?: boolean
}

type TableProps<Row> = {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string | number
}

/** A table, of which each row is a card where there is little room. */
export function Table<Row>({ label, columns, rows, keyOf }: TableProps<Row>) {
  return (
    <table aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ title, isNumber }) => (
            <th key={title} scope="col" class={isNumber ? 'number' : ''}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column) => (
              <Cell key={column.title} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell<Row>({ column: { title, cell, isNumber, isBare, isWhole }, row }: { column: Column<Row>; row: Row }) {
  const value = cell(row)
  const classes = [isNumber && 'number', isBare && 'bare', isWhole && 'whole', value === null && 'empty']
    .filter(Boolean)
    .join(' ')
  return (
    <td data-label={title} class={classes}>
      {value ?? '–'}
    </td>
  )
}

/** Terms with what they are now. */
export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A modal dialog, open as long as it is rendered. Escape calls `onClose`. At its end the focus is where it was before. */
export function Dialog({
  title,
  children,
  onClose,
}: {
  title: string
  children: ComponentChildren
  onClose: () => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    // Only a dialog that is closed while it is in the page gives the focus back.
    return () => shown?.close()
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={onClose}>
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  )
}

type MeterProps = { label: string; text: string; share: number; mark: number; tone: Tone }

/** How full something is, with a mark at the share from which it is too full. Shares are from 0 to 1. */
export function Meter({ label, text, share, mark, tone }: MeterProps) {
  const width = Math.min(1, share) * 100
  return (
    <div class="meter">
      <meter class="only-heard" aria-label={label} min={0} max={100} value={width} title={text} />
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="rail" width="100" height="10" />
        <rect class={tone} width={width} height="10" />
        <rect class="mark" x={mark * 100} width="0.6" height="10" />
      </svg>
    </div>
  )
}
