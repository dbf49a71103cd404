import { z } from 'zod'

const MAX_PAGE = 100

/** How many entries a page has. */
export const limit = z.coerce.number().int().min(1).max(MAX_PAGE).default(20)
