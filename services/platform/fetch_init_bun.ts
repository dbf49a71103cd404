import type { Way } from './send.ts'

/** Without a say of its own in NO_PROXY: a proxy that is asked for is used. */
const through = (url: string) => ({ url, respectNoProxy: false })

export const fetchInit = ({ proxy }: Way) => ({
  proxy: proxy === null ? (false as const) : through(proxy),
  decompress: false,
})
