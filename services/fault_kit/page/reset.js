/** Asks before a reset, because a reset cannot be undone. */
import { find, findAs } from './dom.js'

const dialog = findAs('#confirm', HTMLDialogElement)

/** @param {() => void} reset */
export function asksBeforeReset(reset) {
  find('#reset').addEventListener('click', () => dialog.showModal())
  find('#confirm-no').addEventListener('click', () => dialog.close())
  find('#confirm-yes').addEventListener('click', () => {
    dialog.close()
    reset()
  })
}
