/** Finds the known name that a mistyped one was meant to be. */

/** Two typing slips. */
const MOST_EDITS = 2
/** A name of three letters may differ in one. A name of two letters would be near to every other. */
const LETTERS_PER_EDIT = 3

/** The known name that differs least, in case or in a letter or two; undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const most = Math.min(MOST_EDITS, Math.floor(name.length / LETTERS_PER_EDIT))
  const ofItsLength = known.filter((other) => Math.abs(other.length - name.length) <= most)
  const edits = ofItsLength.map((other) => editsBetween(name.toLowerCase(), other.toLowerCase()))
  const least = Math.min(...edits)
  return least <= most ? ofItsLength[edits.indexOf(least)] : undefined
}

/** The question that follows an error about an unknown name; empty when no known name is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  return meant === undefined ? '' : `: did you mean "${meant}"?`
}

/** The number of letters to insert, delete or change (Levenshtein distance). */
function editsBetween(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...one].entries()) {
    const row = [i + 1]
    for (let j = 0; j < other.length; j += 1) {
      const changed = (above[j] ?? 0) + (letter === other[j] ? 0 : 1)
      row.push(Math.min(changed, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1))
    }
    above = row
  }
  return above.at(-1) ?? 0
}
