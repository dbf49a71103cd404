/** A problem's titles, by their status. */
const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Out of time',
  409: 'Conflict',
  413: 'Body too large',
  421: 'Misdirected request',
  422: 'Input refused',
  429: 'Too many requests',
  431: 'Head too large',
  500: 'Internal error',
  502: 'Refused by the device',
  503: 'Service unavailable',
}

/** People's words for the parts of a request. */
const PARTS: Readonly<Record<string, string>> = { params: 'path' }

/** The first wrong place of a request. `whole`: it is the part itself. */
export type FirstFault = { place: string; isWhole: boolean; message: string }

const asSentence = (message: string) => (message.endsWith('?') ? message : `${message}.`)

export const en = {
  titles,
  unknownTitle: 'Error',
  bodyTooLarge: (limitBytes: number) => `The body is larger than ${limitBytes} bytes. Send a smaller one.`,
  foreignOrigin: () =>
    'A page of another origin sent this request; nothing was done. Send it from a program or from a page of this service. The adapter also takes it from pages whose origin is in CORS_ORIGINS.',
  internalError: () => 'The service failed. The log line request_failed says where.',
  /** @param on body, headers, query or params */
  invalidInput(on: string, first: FirstFault | null): string {
    const part = `the ${PARTS[on] ?? on}`
    const example = first ? ` First: ${first.isWhole ? part : first.place} ${asSentence(first.message)}` : ''
    return `Something in ${part} does not fit the contract and nothing was changed.${example} Mend what errors lists and send it again.`
  },
  malformedBody: () => 'The body cannot be read. Send the request again.',
  malformedJson: () => 'The body is not valid JSON. Send one complete JSON document.',
  methodNotAllowed: (allow: string) => `This path takes ${allow}.`,
  nestedTooDeep: (levels: number) => `The body is nested deeper than ${levels} levels. Send fewer levels.`,
  noSuchFile: () => 'The page has no such file.',
  noSuchRoute: () => 'No route has this path. The README lists the routes.',
  notUtf8: () => 'The body is not valid UTF-8. Send JSON encoded as UTF-8.',
  tooManyReaders: (most: number) => `${most} clients read the stream, which is the most. End one, or ask again later.`,
  unknownHost: () =>
    "The Host of this request is none of this service's names; nothing was done. Ask at localhost or at the machine's IP address, or add the name to ALLOWED_HOSTS and start the service again.",
  /** Messages about a wrong value. Each continues a sentence that begins with the name of its place. */
  faults: {
    missing: () => 'is missing',
    notFinite: () => 'must be a finite number',
    /** @param bound in characters */
    length: (than: Bound, bound: number | bigint) =>
      `must be ${THAN[than]} ${bound} ${bound === 1 ? 'character' : 'characters'} long`,
    entries: (than: Bound, bound: number | bigint) =>
      `must have ${THAN[than]} ${bound} ${bound === 1 ? 'entry' : 'entries'}`,
    value: (than: Bound, bound: number | bigint) => `must be ${THAN[than]} ${bound}`,
  },
}

export type Bound = 'at_least' | 'more_than' | 'at_most' | 'less_than'

const THAN: Readonly<Record<Bound, string>> = {
  at_least: 'at least',
  more_than: 'more than',
  at_most: 'at most',
  less_than: 'less than',
}
