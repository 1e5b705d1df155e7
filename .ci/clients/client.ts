// Usage: node client.js URL TOKEN AUDITOR-TOKEN
// A client made of urql and the documents that graphql-codegen typed, against
// a server that answers trusted documents only, but for auditors.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Client, cacheExchange, fetchExchange, type TypedDocumentNode } from '@urql/core'
import { AccountabilityHistoryDocument, EvidenceDocument, PublicStatisticsDocument } from './gql/graphql.js'

const [url, token, auditor] = process.argv.slice(2) as [string, string, string]

const client = (bearer?: string) => new Client({
  url, exchanges: [cacheExchange, fetchExchange], preferGetMethod: false, requestPolicy: 'network-only',
  fetchOptions: { headers: bearer ? { authorization: `Bearer ${bearer}` } : {} },
})

// byID is the same document without its text: urql then sends its documentId.
function byID<Data, Variables>(document: TypedDocumentNode<Data, Variables>): TypedDocumentNode<Data, Variables> {
  const { hash } = (document as unknown as { __meta__: { hash: string } }).__meta__
  return { kind: 'Document', definitions: [], documentId: `sha256:${hash}` } as unknown as TypedDocumentNode<Data, Variables>
}

type Told = { data?: any; errors?: { message: string; extensions: { code: string; retryAfterSeconds?: number } }[]; extensions?: { cost: { requested: number; remaining: number; limit: number } } }

async function post(bearer: string, body: object): Promise<{ status: number } & Told> {
  const response = await fetch(url, {
    method: 'POST', body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', authorization: `Bearer ${bearer}` },
  })
  return { status: response.status, ...(await response.json() as Told) }
}

// A trusted document, typed from end to end.
const officers = await post(auditor, { query: '{ officers(first: 1) { nodes { id name } } }' })
const { id, name } = officers.data.officers.nodes[0] as { id: string; name: string }
const history = await client(token).query(byID(AccountabilityHistoryDocument), { officer: id }).toPromise()
assert.equal(history.error, undefined)
const officer = history.data?.officer
assert.equal(officer?.name, name)
const first: string | undefined = officer?.timeline?.nodes[0]?.event.occurredAt
assert.match(first ?? '', /^\d{4}-\d\d-\d\dT/)
assert.ok((officer?.timeline?.totalCount ?? 0) > 0)
assert.ok(history.extensions?.cost.requested > 0 && history.extensions?.cost.remaining < history.extensions?.cost.limit)

// The public, without a token.
const statistics = await client().query(byID(PublicStatisticsDocument), {}).toPromise()
assert.equal(statistics.error, undefined)
assert.ok((statistics.data?.statistics?.totals ?? []).some(t => t.value === 'officers'))

// The text of a document: for auditors, who may ask anything here.
const evidence = await client(auditor).query(EvidenceDocument, { from: '2025-01-01T00:00:00Z', to: '2026-12-31T23:59:59Z' }).toPromise()
assert.equal(evidence.error, undefined)
const position = evidence.data?.ledger?.position satisfies string | null | undefined // Long is a string
assert.match(position ?? '', /^\d+$/)
const refused = await client(token).query('{ officers { totalCount } }', {}).toPromise()
assert.equal(refused.error?.graphQLErrors[0]?.extensions.code, 'PERSISTED_DOCUMENT_REQUIRED')

// As Apollo's clients ask.
const hash = (PublicStatisticsDocument as unknown as { __meta__: { hash: string } }).__meta__.hash
const known = await post(token, { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } })
assert.equal(known.status, 200)
assert.ok(known.data.statistics)
const unknown = await post(token, { extensions: { persistedQuery: { version: 1, sha256Hash: hash.replace(/./g, '0') } } })
assert.equal(unknown.errors?.[0]?.message, 'PersistedQueryNotFound')
assert.equal(unknown.errors?.[0]?.extensions.code, 'PERSISTED_DOCUMENT_NOT_FOUND')

// Every document of the manifest is there.
const manifest = JSON.parse(readFileSync(new URL('./gql/persisted-documents.json', import.meta.url), 'utf8')) as Record<string, string>
for (const [id, text] of Object.entries(manifest)) {
  const answer = await post(token, { documentId: `sha256:${id}`, variables: {} })
  assert.notEqual(answer.errors?.[0]?.extensions.code, 'PERSISTED_DOCUMENT_NOT_FOUND', text)
}
console.log(`client: urql asked by documentId and by text, as itself and as the public; ${Object.keys(manifest).length} trusted documents are known`)
