/** Shows a change of the configuration as a shell command. */
import { element, find, findAs } from './dom.js'
import { controlUrl } from './mock.js'

/** @typedef {import('./mock.js').Configuration} Configuration */

const dialog = findAs('#curl', HTMLDialogElement)
const shown = findAs('#curl textarea', HTMLTextAreaElement)
const said = find('#said')

find('#curl-close').addEventListener('click', () => dialog.close())

/** @param {Configuration} change */
export function curlLine(change) {
  // Within single quotes the shell treats every character but a single quote as it is.
  const json = JSON.stringify(change).replaceAll("'", String.raw`'\''`)
  return `curl -sS '${controlUrl('config')}' -d '${json}'`
}

/**
 * @param {string} name
 * @param {() => Configuration} change
 */
export const curlButton = (name, change) =>
  element(
    'button',
    {
      type: 'button',
      class: 'curl',
      title: `Copy the curl line that puts ${name} on`,
      'aria-label': `Copy ${name} as curl`,
      click: () => void copy(curlLine(change()), name),
    },
    'curl',
  )

/**
 * @param {string} line
 * @param {string} name
 */
async function copy(line, name) {
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
