import { defineFault } from '../fault.ts'

export const expiredToken = defineFault({
  name: 'expired_token',
  summary: '401 as for expired credentials, and nothing is taken.',
  example: { ttl: 30 },
  stage: 'arrival',
  operation: 'any',
  parameters: {},
  begin: () => () => ({
    kind: 'answer',
    status: 401,
    body: { error: 'Token expired' },
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  }),
})
