/**
 * Texts that are hard to read, because their contrast to the background is below 4.5 to 1 (WCAG 2.2, 1.4.3).
 * @param {string} colour
 */
const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number)

/** @param {string} colour */
function luminance(colour) {
  const [r = 0, g = 0, b = 0] = channels(colour).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/**
 * @param {Element | null} element
 * @returns {string}
 */
function behind(element) {
  if (!element) return 'rgb(255, 255, 255)'
  const { backgroundColor } = getComputedStyle(element)
  return channels(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor
}

;[...document.querySelectorAll('body *')].flatMap((element) => {
  const text = [...element.childNodes].find(({ nodeType, textContent }) => nodeType === 3 && textContent?.trim())
  if (!text || !element.checkVisibility()) return []
  const [one, other] = [luminance(getComputedStyle(element).color), luminance(behind(element))]
  const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
  return ratio < 4.5 ? [`${text.textContent}: ${ratio.toFixed(2)}`] : []
})
