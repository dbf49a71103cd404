export type InputError = { pointer: string; message: string }

/** Why a request was not done: the service's problem document, or `unreachable` without an answer. */
export class Refused extends Error {
  override readonly name = 'Refused'
  constructor(
    readonly code: string,
    detail: string,
    readonly errors: readonly InputError[] = [],
    /** 0 without an answer. */
    readonly status: number = 0,
    /** The status in words. */
    readonly title: string = '',
  ) {
    super(detail)
  }
}

/** A blob is sent as it is, and any other body as JSON. */
type Asked = { method?: 'GET' | 'POST'; body?: unknown; headers?: Record<string, string> }

/**
 * Asks the service that the page is from.
 * @param accepts a status above 299 whose answer is no problem document
 * @throws Refused
 */
export async function ask<Answer>(
  path: string,
  { method = 'GET', body, headers = {} }: Asked = {},
  accepts?: number,
): Promise<Answer> {
  const init: RequestInit = { method, headers: { accept: 'application/json', ...headers } }
  if (body !== undefined) init.body = body instanceof Blob ? body : JSON.stringify(body)
  const response = await fetch(path, init).catch(() => null)
  if (response === null) throw new Refused('unreachable', '')
  const answer = await response.json().catch(() => null)
  if ((response.ok || response.status === accepts) && answer !== null) return answer
  throw new Refused(
    answer?.code ?? String(response.status),
    answer?.detail ?? '',
    answer?.errors ?? [],
    response.status,
    answer?.title ?? '',
  )
}

/** @throws Refused */
export async function askText(path: string): Promise<string> {
  const response = await fetch(path).catch(() => null)
  if (response === null) throw new Refused('unreachable', '')
  if (response.ok) return await response.text()
  const answer = await response.json().catch(() => null)
  throw new Refused(answer?.code ?? String(response.status), answer?.detail ?? '')
}

/** Whether the service answers, whatever it says. */
export const answers = (path: string, signal: AbortSignal): Promise<boolean> =>
  fetch(path, { signal }).then(
    () => true,
    () => false,
  )
