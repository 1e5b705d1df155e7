// Usage: node live.mjs URL AUDITOR-TOKEN INTAKE-TOKEN COMPLAINT PID-OF-THE-SERVER
import assert from 'node:assert/strict'
import { createClient as createSSE } from 'graphql-sse'
import { createClient as createWS } from 'graphql-ws'
import WebSocket from 'ws'

const [base, auditor, intake, complaint, pid] = process.argv.slice(2)
const url = new URL('/graphql', base).href, socket = url.replace('http', 'ws')
const headers = { Authorization: 'Bearer ' + auditor }

async function ask(token, query, variables) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { Authorization: 'Bearer ' + token, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return answer.json()
}
async function take(items, n) {
  const out = []
  for await (const item of items) {
    out.push(item)
    if (out.length === n) break
  }
  return out
}
const events = 'subscription($after: Long) { events(after: $after) { position event { kind } } }'
const positions = items => items.map(i => (assert.equal(i.errors, undefined), i.data.events.position))

const sse = createSSE({ url, headers, retryAttempts: 0 })
const ws = createWS({ url: socket, webSocketImpl: WebSocket, connectionParams: headers, retryAttempts: 0 })

// Once what fell due was carried out, nothing is recorded by itself.
let end = 0
for (let now = -1; now !== end; await new Promise(resolve => setTimeout(resolve, 1000))) {
  now = end
  end = Number((await ask(auditor, '{ ledger { position } }')).data.ledger.position)
}
const want = Array.from({ length: 40 }, (_, i) => String(end - 39 + i))

// Both catch up, and see the same.
for (const client of [sse, ws]) {
  const got = await take(client.iterate({ query: events, variables: { after: String(end - 40) } }), 40)
  assert.deepEqual(positions(got), want)
}

// What is recorded now reaches both, and a timeline.
const timeline = 'subscription($id: ID!, $after: Long) { timeline(ref: {type: COMPLAINT, id: $id}, after: $after) { position entry { as event { kind } } } }'
const live = [
  ...[sse, ws].map(c => take(c.iterate({ query: events, variables: { after: String(end) } }), 1)),
  ...[sse, ws].map(c => take(c.iterate({ query: timeline, variables: { id: complaint, after: String(end) } }), 1)),
]
const opened = await ask(intake, 'mutation($c: ID!) { unsealReporter(complaint: $c, reason: "continuous integration") { complaint } }', { c: complaint })
assert.equal(opened.errors, undefined, JSON.stringify(opened.errors))
for (const [item] of await Promise.all(live)) assert.match(JSON.stringify(item.data), /complaint\.reporter_unsealed/)

// A query over the socket is answered, a mutation is not.
assert.equal((await take(ws.iterate({ query: '{ me { role } }' }), 1))[0].data.me.role, 'AUDITOR')
await assert.rejects(take(ws.iterate({ query: 'mutation { prepare(instruction: "{}") { prepared } }' }), 1), e => e[0].extensions.code === 'METHOD_NOT_ALLOWED')
// So is what is wrong, by either client.
await assert.rejects(take(ws.iterate({ query: 'subscription { nothing }' }), 1), e => e[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED')
assert.equal((await take(sse.iterate({ query: 'subscription { nothing }' }), 1))[0].errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED')

// Last-Event-ID goes before the argument.
const resumed = createSSE({ url, headers: { ...headers, 'Last-Event-ID': String(end - 3) }, retryAttempts: 0 })
assert.deepEqual(positions(await take(resumed.iterate({ query: events, variables: { after: '0' } }), 3)), want.slice(-3))

// The close codes of the protocol.
function closing(messages, protocol = 'graphql-transport-ws') {
  return new Promise((resolve, reject) => {
    const s = new WebSocket(socket, protocol)
    s.on('open', () => messages.forEach(m => s.send(typeof m === 'string' ? m : JSON.stringify(m))))
    s.on('close', code => resolve(code))
    s.on('error', reject)
  })
}
const init = { type: 'connection_init', payload: headers }
const subscribe = id => ({ id, type: 'subscribe', payload: { query: 'subscription { events { position } }' } })
assert.equal(await closing(['{']), 4400)
assert.equal(await closing([subscribe('1')]), 4401)
assert.equal(await closing([{ type: 'connection_init' }]), 4403)
assert.equal(await closing([{ type: 'connection_init', payload: { Authorization: 'Bearer x' } }]), 4403)
assert.equal(await closing([], []), 4406)
assert.equal(await closing([]), 4408)
assert.equal(await closing([init, subscribe('1'), subscribe('1')]), 4409)
assert.equal(await closing([init, init]), 4429)

// Whoever follows is told when the server stops.
const stopped = new Promise(resolve => {
  const s = new WebSocket(socket, 'graphql-transport-ws')
  s.on('open', () => s.send(JSON.stringify(init)))
  s.on('message', m => { if (JSON.parse(m).type === 'connection_ack') s.send(JSON.stringify(subscribe('1'))) })
  s.on('close', code => resolve(code))
})
const told = []
const completed = new Promise((resolve, reject) => sse.subscribe({ query: events }, { next: r => told.push(r), complete: resolve, error: reject }))
await new Promise(resolve => setTimeout(resolve, 300))
process.kill(Number(pid), 'SIGTERM')
assert.equal(await stopped, 1001)
await completed
assert.equal(told.at(-1).errors[0].extensions.code, 'UNAVAILABLE')
assert.equal(told.at(-1).errors[0].extensions.position, String(end + 1))

console.log('graphql-sse and graphql-ws: caught up, told, resumed, refused, and told of the end')
