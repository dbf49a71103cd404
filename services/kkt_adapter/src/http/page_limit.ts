import { integer } from '@kkt/platform/settings.ts'
import { z } from 'zod'

const MAX_PAGE = 100

export const pageLimit = integer({ min: 1, max: MAX_PAGE })
  .prefault('20')
  .meta({ description: 'The most entries that the page has' })

export const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'The `cursor` of the next page. Null on the last one' })
