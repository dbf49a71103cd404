/** Excel with Russian settings reads lists with semicolons, and sums with a comma. */
const SEPARATOR = ';'
const LINE_END = '\r\n'
/** Without it Excel takes UTF-8 for another code. */
export const BYTE_ORDER_MARK = '\ufeff'

export const csvLine = (fields: readonly string[]): string => fields.map(quoted).join(SEPARATOR) + LINE_END

const quoted = (field: string): string => (/[;"\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)

/** 154980 kopecks as `1549,80`. */
export const csvMoney = (kopecks: number): string => (kopecks / 100).toFixed(2).replace('.', ',')

/** Digits that Excel would round: it keeps 15 of a number. */
const LONG_NUMBER = /^\d{16,}$/
/** Excel would take them for a formula: somebody else's text would act on the accountant's computer. */
const FORMULA = /^[\s\0]*[=+\-@\t\r＝＋－＠]/

/** A text that Excel shows as it is: before one that it would reckon with stands an apostrophe. */
export const csvText = (text: string): string => (FORMULA.test(text) || LONG_NUMBER.test(text) ? `'${text}` : text)
