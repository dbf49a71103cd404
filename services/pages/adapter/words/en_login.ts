import { counted } from '@kkt/platform/language.ts'

/** The form for a token, and the row that says who may use the adapter. */
export const login = {
  title: 'Log in',
  text: "This adapter is open to clients with a token. Enter an operator's token.",
  token: 'Token',
  enter: 'Log in',
  leave: 'Log out',
  wrong: 'The adapter knows no such token. Check that it is whole.',
  notOperator: "This token is not an operator's: it opens no page.",
  tooMany: 'Too many wrong tokens came from this network. Wait a minute, then enter the right one.',
}

export const access = {
  open: 'open to all who reach the port',
  tokens: (count: number) => counted('en', count, { one: 'token', other: 'tokens' }),
}
