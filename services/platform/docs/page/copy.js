/** Copies a line for the shell, or shows it selected where there is no clipboard. */
import { find, findAs } from './dom.js'

const dialog = findAs('#curl', HTMLDialogElement)
const shown = findAs('#curl textarea', HTMLTextAreaElement)
const said = find('#said')

find('#curl-close').addEventListener('click', () => dialog.close())

/**
 * One word of a shell's line. Within single quotes the shell treats every character but a single quote as it is.
 * @param {string} text
 */
export const quoted = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`

/**
 * @param {string} line
 * @param {string} name of the thing that the line is about
 */
export async function copy(line, name) {
  try {
    // Browsers give no clipboard to a page over plain HTTP from another machine, and the user may forbid it.
    await navigator.clipboard.writeText(line)
    said.className = ''
    said.textContent = `the curl line of ${name} is copied`
  } catch {
    shown.value = line
    dialog.showModal()
    shown.select()
  }
}
