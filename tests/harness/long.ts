/**
 * Whether a suite that takes long is to run whole (`make test LONG=1`, as CI does). Otherwise it has a short form, which
 * holds the same with fewer draws of chance.
 */
export const LONG = process.env['LONG'] === '1'
