// Usage: node verify-receipt.mjs RECEIPT KEYS
// Checks a receipt (C2SP tlog-proof with the event's envelope) with nothing
// but WebCrypto: the event's signature, the checkpoint's, and the proof.
import { readFileSync } from 'node:fs'
import { webcrypto } from 'node:crypto'

const { subtle } = webcrypto
const bytes = (...parts) => Buffer.concat(parts.map(p => typeof p === 'string' ? Buffer.from(p) : Buffer.from(p)))
const sha256 = async data => Buffer.from(await subtle.digest('SHA-256', data))
const must = (ok, what) => { if (!ok) { console.error('refused: ' + what); process.exit(1) } }
const signed = async (raw, format, sig, message) =>
  subtle.verify('Ed25519', await subtle.importKey(format, raw, 'Ed25519', false, ['verify']), sig, message)

const [receiptFile, keysFile] = process.argv.slice(2)
const receipt = readFileSync(receiptFile, 'utf8')
const keys = readFileSync(keysFile, 'utf8')

const split = receipt.indexOf('\n\n')
const [head, extra, index, ...proof] = receipt.slice(0, split).split('\n')
must(head === 'c2sp.org/tlog-proof@v1', 'it is no tlog-proof')
const envelopeBytes = Buffer.from(extra.replace(/^extra /, ''), 'base64')
const checkpoint = receipt.slice(split + 2)

const envelope = JSON.parse(envelopeBytes)
const payload = Buffer.from(envelope.payload, 'base64')
const pae = bytes(`DSSEv1 ${envelope.payloadType.length} ${envelope.payloadType} ${payload.length} `, payload)
const pem = [...keys.matchAll(/-----BEGIN PUBLIC KEY-----([^-]*)-----END/g)].map(m => Buffer.from(m[1], 'base64'))
const byKey = new Map()
for (const spki of pem) byKey.set((await sha256(spki)).toString('hex'), spki)
must(envelope.signatures.length > 0, 'nobody signed the event')
for (const s of envelope.signatures) {
  must(byKey.has(s.keyid), 'the event is signed by an unknown key')
  must(await signed(byKey.get(s.keyid), 'spki', Buffer.from(s.sig, 'base64'), pae), 'the signature of the event does not fit')
}

const text = checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1)
const [origin, size, root] = text.split('\n')
const vkey = keys.split('\n').find(l => l.startsWith(origin + '+'))
must(vkey, 'no key of checkpoints of ' + origin)
const logKey = Buffer.from(vkey.slice(vkey.indexOf('+', origin.length + 1) + 1), 'base64').subarray(1)
const line = checkpoint.split('\n').find(l => l.startsWith(`— ${origin} `))
must(line, 'the ledger did not sign the checkpoint')
const sig = Buffer.from(line.split(' ')[2], 'base64').subarray(4)
must(await signed(logKey, 'raw', sig, Buffer.from(text)), 'the signature of the checkpoint does not fit')

let node = await sha256(bytes([0], envelopeBytes))
let place = BigInt(index.replace(/^index /, '')), last = BigInt(size) - 1n
must(place <= last, 'the event lies beyond the checkpoint')
for (const h of proof) {
  must(last > 0n, 'the proof is too long')
  const sibling = Buffer.from(h, 'base64')
  if (place % 2n === 1n || place === last) {
    node = await sha256(bytes([1], sibling, node))
    while (place !== 0n && place % 2n === 0n) { place /= 2n; last /= 2n }
  } else {
    node = await sha256(bytes([1], node, sibling))
  }
  place /= 2n; last /= 2n
}
must(last === 0n && node.toString('base64') === root, 'the proof does not lead to the root')
const event = JSON.parse(payload)
console.log(`${event.type} ${event.id} of ${origin}: signed, and in the log of ${size} events`)
