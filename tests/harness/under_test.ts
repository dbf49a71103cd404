/** The kind of stack under test. Tests of things that such a stack does not have are skipped by the names here. */
const { KKT_MODE, DELIVERY } = process.env

/** A cash register on the network: there is no mock KKT inside the adapter, and no test side of one. */
export const sellsOnRegister = KKT_MODE === 'atol'

/** The register hands its documents to the OFD: the adapter has no breaker, no dead letters, and sends the OFD nothing. */
export const deliversByKkt = sellsOnRegister && DELIVERY !== 'http'
