/** Runs under `bun test` and `deno test`: each tests its own `fetch`. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, describe, test } from 'node:test'
import { createServer, type Server } from 'node:tls'
import { type Connection, fetchOver } from './fetch.ts'
import type { Identity } from './listener/sockets.ts'
import { certificateFault } from './peer_certificate.ts'
import { HAS_OPENSSL, makeAuthority } from './testing/certificates.ts'

const servers: Server[] = []
after(() => {
  for (const server of servers) server.close()
})

/** @returns its URL, and how many requests it has read */
async function startPeer(identity: Identity, host = 'localhost') {
  let heard = 0
  const server = createServer(identity, (socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => {
      heard += 1
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok')
    })
  })
  server.on('tlsClientError', () => undefined)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert(address !== null && typeof address === 'object')
  return { url: `https://${host}:${address.port}/`, heard: () => heard }
}

const post = (url: string) => new Request(url, { method: 'POST', body: '{}', redirect: 'manual' })
const faultOf = (answer: Promise<Response>) =>
  answer.then(
    () => 'none',
    (error) => certificateFault(error),
  )

describe('the certificate of a server', { skip: HAS_OPENSSL ? false : 'there is no openssl' }, () => {
  const authority = HAS_OPENSSL ? makeAuthority() : null
  const [ca, issue] = [authority?.ca ?? '', authority?.issue ?? (() => ({ cert: '', key: '' }))]
  const [own, others] = [issue({ name: 'own' }), issue({ name: 'others', names: 'subjectAltName=DNS:other.test' })]
  authority?.remove()

  for (const connection of ['pooled', 'new_pool', 'fresh'] as const satisfies readonly Connection[]) {
    test(`of an authority that is named is trusted over a ${connection} connection, and no other`, async () => {
      const peer = await startPeer(own)
      assert.equal(await faultOf(fetchOver(post(peer.url), connection)), 'unknown_authority')
      assert.equal(peer.heard(), 0)
      assert.equal(await (await fetchOver(post(peer.url), connection, { proxy: null, ca })).text(), 'ok')
      assert.equal(await faultOf(fetchOver(post(peer.url), 'fresh')), 'unknown_authority')
    })
  }

  test('that is of another host is refused, although its authority is trusted', async () => {
    // Deno's servers in one process take up each other's TLS connections again, by the name of the host.
    const peer = await startPeer(others, '127.0.0.1')
    assert.equal(await faultOf(fetchOver(post(peer.url), 'pooled', { proxy: null, ca })), 'another_host')
    assert.equal(peer.heard(), 0)
  })
})
