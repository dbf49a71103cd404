import { z } from 'zod'

const MAX_PAGE = 100

const must = `must be a whole number from 1 to ${MAX_PAGE}`

export const pageLimit = z.coerce
  .number(must)
  .int(must)
  .min(1, must)
  .max(MAX_PAGE, must)
  .default(20)
  .meta({ description: 'The most entries that the page has' })

export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'The `cursor` of the next page. Null on the last one' })
