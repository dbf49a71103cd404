/** Filters by their names in the page's query. */
type Filters = Readonly<Record<string, string>>

/** A customer's e-mail address or phone stays out of the browser's history, and of the logs of proxies. */
const UNSHOWN = 'contact'

/** @param none all filters, none of them set */
export function filtersIn<Known extends Filters>(search: string, none: Known): Known {
  const query = new URLSearchParams(search)
  const given = Object.keys(none).map((name) => [name, query.get(name) ?? ''])
  return { ...none, ...Object.fromEntries(given) }
}

/** The page's address with these filters in place of earlier ones. */
export function addressWith(
  { pathname, search, hash }: Pick<Location, 'pathname' | 'search' | 'hash'>,
  filters: Filters,
) {
  const query = new URLSearchParams(search)
  for (const [name, value] of Object.entries(filters)) {
    if (value === '' || name === UNSHOWN) query.delete(name)
    else query.set(name, value)
  }
  return `${pathname}${query.size > 0 ? `?${query}` : ''}${hash}`
}
