import { useState } from 'preact/hooks'
import { ask } from '../kit/ask.ts'
import { useRead } from '../kit/use.ts'
import { usePage } from './page.ts'

const SHOWN = 10

type Paged = {
  /** Null on the last page, and before anything is read. */
  next: string | null
  isNewest: boolean
  /** Shows the page after this cursor. An empty one stands for the newest page. */
  turnTo: (cursor: string) => void
}

/**
 * A list of the adapter that is read page by page, the newest first.
 * @param first the filters by their names in the query; an empty text filters nothing
 * @param onFilters is told the filters when they change
 */
export function usePaged<Page extends { next_cursor: string | null }, Filters extends Readonly<Record<string, string>>>(
  path: string,
  first: Filters,
  onFilters: (filters: Filters) => void = () => undefined,
) {
  const { live, clock } = usePage()
  const [{ filters, cursor }, setAsked] = useState({ filters: first, cursor: '' })
  const query = new URLSearchParams({ limit: String(SHOWN) })
  for (const [name, value] of Object.entries({ ...filters, cursor })) if (value !== '') query.set(name, value)
  const url = `${path}?${query}`
  const { value, refused } = useRead(clock, url, () => ask<Page>(url), live.news)
  const paged: Paged = {
    next: value?.next_cursor ?? null,
    isNewest: cursor === '',
    turnTo: (to) => setAsked({ filters, cursor: to }),
  }
  return {
    value,
    refused,
    filters,
    /** A list by other filters begins with its newest page. */
    filter: (change: Partial<Filters>) => {
      const changed = { ...filters, ...change }
      setAsked({ filters: changed, cursor: '' })
      onFilters(changed)
    },
    isWhole: query.size === 1,
    paged,
  }
}

/** To the older entries, and back to the newest. */
export function PageButtons({ paged: { next, isNewest, turnTo } }: { paged: Paged }) {
  const { words } = usePage()
  return (
    <p class="pages">
      {!isNewest && (
        <button type="button" onClick={() => turnTo('')}>
          {words.receipts.newest}
        </button>
      )}
      {next && (
        <button type="button" onClick={() => turnTo(next)}>
          {words.receipts.older}
        </button>
      )}
    </p>
  )
}

type ChoiceProps<One extends string> = {
  label: string
  /** The text for no choice, of which the value is empty. */
  anyText: string
  all: readonly One[]
  texts: Readonly<Record<One, string>>
  value: One | ''
  onChoice: (one: One | '') => void
}

/** A filter by one of a few values. */
export function Choice<One extends string>({ label, anyText, all, texts, value, onChoice }: ChoiceProps<One>) {
  return (
    <label>
      {label}
      <select
        value={value}
        onChange={({ currentTarget }) => onChoice(all.find((one) => one === currentTarget.value) ?? '')}
      >
        <option value="">{anyText}</option>
        {all.map((one) => (
          <option key={one} value={one}>
            {texts[one]}
          </option>
        ))}
      </select>
    </label>
  )
}
