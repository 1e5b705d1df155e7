// Checks the receipt of an event with WebCrypto alone. It trusts the keys that
// it is given, and asks nobody. What it finds are steps, each with a state
//
//   good   it holds
//   bad    it does not hold
//   open   this browser cannot tell
//   note   something to know, which decides nothing
//
// and a word, the key of a text in console/words, with its arguments.
// docs/verify-by-hand.md says how to do the same with openssl.

const step = (state, word, ...args) => ({ state, word, args })
const good = (word, ...args) => step('good', word, ...args)
const bad = (word, ...args) => step('bad', word, ...args)
const open = (word, ...args) => step('open', word, ...args)
const note = (word, ...args) => step('note', word, ...args)

// KeyError says what is wrong with keys that somebody enters.
export class KeyError extends Error {
  constructor(word, ...args) {
    super(word)
    Object.assign(this, { word, args })
  }
}

// ---- bytes

const utf8 = text => new TextEncoder().encode(text)
const hexOf = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('')
const bytesOf = hex => Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16))
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i])

function join(...parts) {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', join(...parts)))

// unbase64 is strict, so that no character stands for nothing: null for any
// spelling but the one.
function unbase64(text) {
  try {
    const raw = atob(text)
    return btoa(raw) === text ? Uint8Array.from(raw, c => c.charCodeAt(0)) : null
  } catch {
    return null
  }
}

// textIn is the text of bytes, not one changed: null where they are no UTF-8.
function textIn(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

// What the ledger writes and reads at most: bytes, lines, events.
const maxEnvelope = 65535, maxCheckpoint = 16384, maxSignatures = 100, maxNumber = 2n ** 63n - 1n

// ---- keys

const ed25519Head = bytesOf('302a300506032b6570032100')
// What the SPKI DER of a public key begins with, and how many bytes it has.
const kinds = [
  { algorithm: 'Ed25519', head: /^302a300506032b6570032100/, size: 44 },
  { algorithm: 'ECDSA P-256', head: /^3059301306072a8648ce3d020106082a8648ce3d03010703420004/, size: 91 },
  { algorithm: 'SM2', head: /^3059301306072a8648ce3d020106082a811ccf5501822d03420004/, size: 91 },
  { algorithm: 'RSA', head: /^3082....300d06092a864886f70d0101010500/ },
]

// The y of the points of small order, under which anybody can make signatures.
const prime = 2n ** 255n - 19n
const eighth = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n
const small = [0n, 1n, prime - 1n, eighth, prime - eighth]

// weak tells whether an Ed25519 key is of small order, or in a second spelling.
function weak(raw) {
  const y = BigInt('0x' + hexOf(raw.slice().reverse())) & (2n ** 255n - 1n)
  return y >= prime || small.includes(y)
}

// keyOf names a public key, as the ledger does, by the SHA-256 of its SPKI DER.
async function keyOf(der) {
  const kind = kinds.find(k => k.head.test(hexOf(der)) && (!k.size || k.size === der.length))
  if (!kind) throw new KeyError('verify.keys.kind')
  if (kind.algorithm === 'Ed25519' && weak(der.slice(ed25519Head.length))) throw new KeyError('verify.keys.weak')
  return { id: hexOf(await sha256(der)), algorithm: kind.algorithm, der }
}

// logKeyOf is the key of checkpoints of a log of that name (C2SP signed-note):
// the key's hash covers the name.
async function logKeyOf(name, key) {
  const raw = key.der.slice(ed25519Head.length)
  return { name, key, hash: (await sha256(utf8(name + '\n'), [1], raw)).slice(0, 4) }
}

// readKeys reads a keys file, or any part of one: PEM, lines name+hash+key, and
// beside them fingerprints, the SHA-256 of a key in 64 hex digits, behind "log"
// that of a key of checkpoints, behind "event" or nothing that of a key of events.
export async function readKeys(text) {
  const read = { keys: new Map(), log: [], fingerprints: new Set() }
  if (/PRIVATE KEY-----/.test(text)) throw new KeyError('verify.keys.private')
  const pem = /-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----/g
  for (const [, body] of text.matchAll(pem)) {
    const der = unbase64(body.replace(/\s/g, ''))
    if (!der) throw new KeyError('verify.keys.pem')
    const key = await keyOf(der)
    read.keys.set(key.id, key)
  }
  for (const line of text.replace(pem, '').split('\n').map(l => l.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const [, use, id] = /^(?:(event|log)\s+)?([0-9a-f]{64})$/i.exec(line) ?? []
    if (id) {
      read.fingerprints.add(`${use ?? 'event'} ${id}`.toLowerCase())
    } else {
      read.log.push(await readLogKey(line))
    }
  }
  if (new Set(read.log.map(k => k.name)).size > 1) throw new KeyError('verify.keys.two')
  if (read.keys.size + read.log.length + read.fingerprints.size === 0) throw new KeyError('verify.keys.none')
  return read
}

// A name has no blanks, no plus signs and no control characters.
const nameForm = String.raw`[^\s+\x00-\x1f\x85]+`
const logKeyForm = new RegExp(String.raw`^(${nameForm})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$`)

async function readLogKey(line) {
  const [, name, hash, text] = logKeyForm.exec(line) ?? []
  const raw = name && unbase64(text)
  if (!raw || raw.length !== 33 || raw[0] !== 1) throw new KeyError('verify.keys.line', line)
  const key = await logKeyOf(name, await keyOf(join(ed25519Head, raw.slice(1))))
  if (hexOf(key.hash) !== hash) throw new KeyError('verify.keys.hash', line)
  return key
}

// trusting returns what of the keys that somebody tells has a fingerprint that
// is held, each for its use alone, and all keys that are held themselves.
export function trusting(held, told) {
  const trust = { keys: new Map(held.keys), log: [...held.log], fingerprints: held.fingerprints }
  for (const key of told.keys.values()) {
    if (held.fingerprints.has(`event ${key.id}`)) trust.keys.set(key.id, key)
  }
  trust.log.push(...told.log.filter(l => held.fingerprints.has(`log ${l.key.id}`)))
  return trust
}

// ---- signatures

// half is the middle of the order of P-256: of the two signatures that fit, the
// ledger takes the one with the smaller s.
const half = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n

// unwrap makes r and s, 32 bytes each, of an ECDSA signature; null where it is
// not the DER of two integers in its one spelling.
function unwrap(sig) {
  if (sig[0] !== 0x30 || sig[1] !== sig.length - 2) return null
  const found = []
  let at = 2
  while (at < sig.length && sig[at] === 2) {
    const size = sig[at + 1], body = sig.slice(at + 2, at + 2 + size)
    const spare = size > 1 && body[0] === 0 && body[1] < 0x80
    if (!(size > 0 && size <= 33) || body.length !== size || body[0] >= 0x80 || spare) return null
    found.push(BigInt('0x' + hexOf(body)))
    at += 2 + size
  }
  if (at !== sig.length || found.length !== 2 || found[0] >> 256n !== 0n || found[1] > half) return null
  return bytesOf(found.map(n => n.toString(16).padStart(64, '0')).join(''))
}

// fits tells whether a key signed a message: true, false, or null where this
// browser does not know the algorithm.
async function fits(key, sig, message) {
  const by = {
    'Ed25519': { name: 'Ed25519' },
    'ECDSA P-256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
    'RSA': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  }[key.algorithm]
  if (!by) return null
  try {
    const imported = await crypto.subtle.importKey('spki', key.der, by, false, ['verify'])
    const { modulusLength: bits, publicExponent: exponent } = imported.algorithm
    if (bits < 2048 || bits > 8192 || exponent && BigInt('0x' + hexOf(exponent)) < 65537n) return false
    const raw = by.name === 'ECDSA' ? unwrap(sig) : sig
    return raw !== null && await crypto.subtle.verify(by, imported, raw, message)
  } catch (e) {
    if (e.name === 'NotSupportedError') return null
    return false // no point of the curve, or the like
  }
}

// ---- receipt, envelope, checkpoint

const receiptForm = /^c2sp\.org\/tlog-proof@v1\nextra (\S+)\nindex (0|[1-9]\d{0,18})\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n([^]+)$/

function openReceipt(text) {
  const [, extra, index, hashes, checkpoint] = receiptForm.exec(text) ?? []
  const envelope = extra && unbase64(extra)
  const proof = (hashes ?? '').split('\n').slice(0, -1).map(unbase64)
  return envelope && !proof.includes(null) && BigInt(index) <= maxNumber ? { envelope, index: BigInt(index), proof, checkpoint } : null
}

const payloadType = 'application/cloudevents+json'
const oneSignature = String.raw`\{"keyid":"[0-9a-f]{64}","sig":"[A-Za-z0-9+/=]+"\}`
const envelopeForm = new RegExp(String.raw`^\{"payload":"([A-Za-z0-9+/=]+)","payloadType":"([^"\\]*)","signatures":\[(${oneSignature}(?:,${oneSignature})*)\]\}$`)

// openEnvelope takes a DSSE envelope apart; null where it is not in the one
// spelling that the ledger writes.
function openEnvelope(bytes) {
  if (bytes.length > maxEnvelope) return null
  const [, text, type, list] = envelopeForm.exec(textIn(bytes) ?? '') ?? []
  const payload = text && unbase64(text)
  if (!payload) return null
  const signatures = JSON.parse(`[${list}]`).map(s => ({ id: s.keyid, sig: unbase64(s.sig) }))
  const once = new Set(signatures.map(s => s.id)).size === signatures.length
  return once && signatures.every(s => s.sig) ? { payload, type, signatures } : null
}

const checkpointForm = new RegExp(String.raw`^((${nameForm})\n(0|[1-9]\d{0,18})\n([A-Za-z0-9+/]{43}=)\n)\n((?:— ${nameForm} [A-Za-z0-9+/=]+\n)+)$`)

// openCheckpoint takes a signed note apart; null where it is none.
function openCheckpoint(signed) {
  const [, text, origin, size, root, lines] = checkpointForm.exec(signed) ?? []
  if (!text || utf8(signed).length > maxCheckpoint || BigInt(size) > maxNumber) return null
  const signatures = lines.split('\n').slice(0, -1).map(line => {
    const [, name, b64] = line.split(' ')
    const raw = unbase64(b64)
    return raw && raw.length > 4 ? { name, hash: raw.slice(0, 4), sig: raw.slice(4), line } : null
  })
  const once = new Set(lines.split('\n')).size === signatures.length + 1
  return once && signatures.length <= maxSignatures && !signatures.includes(null) ? { text, origin, size: BigInt(size), root: unbase64(root), signatures } : null
}

// ---- the steps

// signed: a key that is trusted signed the event, and no signature by such a
// key is wrong. What is signed is the DSSE pre-authentication encoding.
async function signed(envelope, trust) {
  if (envelope.type !== payloadType) return [bad('verify.signature.type', envelope.type)]
  const message = join(utf8(`DSSEv1 ${payloadType.length} ${payloadType} ${envelope.payload.length} `), envelope.payload)
  const found = [], others = []
  for (const { id, sig } of envelope.signatures) {
    const key = trust.keys.get(id)
    if (!key) {
      others.push(id)
      continue
    }
    const fit = await fits(key, sig, message)
    if (fit === null) found.push(open('verify.signature.algorithm', id, key.algorithm))
    else found.push(fit ? good('verify.signature.good', id, key.algorithm) : bad('verify.signature.wrong', id))
  }
  if (found.length === 0) return others.map(id => bad('verify.signature.unknown', id))
  return [...found, ...others.map(id => note('verify.signature.other', id))]
}

// about: the signed payload is the event that the page is about, of the ledger
// whose log it is.
function about(event, checkpoint, id) {
  if (!event) return bad('verify.event.form')
  if (id && event.id !== id) return bad('verify.event.id', String(event.id), id)
  if (checkpoint && event.source !== checkpoint.origin) return bad('verify.event.source', String(event.source), checkpoint.origin)
  return good('verify.event.good', String(event.id), String(event.source))
}

// confirmed: a trusted key of checkpoints signed the checkpoint, under the name
// in it. Where nobody named keys of checkpoints, every Ed25519 key may sign them.
async function confirmed(checkpoint, trust) {
  if (!checkpoint) return bad('verify.checkpoint.form')
  let keys = trust.log
  if (keys.length === 0 && ![...trust.fingerprints].some(print => print.startsWith('log '))) {
    const all = [...trust.keys.values()].filter(k => k.algorithm === 'Ed25519')
    keys = await Promise.all(all.map(k => logKeyOf(checkpoint.origin, k)))
  }
  if (keys.length === 0) return open('verify.checkpoint.nokey')
  const named = keys.filter(k => k.name === checkpoint.origin)
  if (named.length === 0) return bad('verify.checkpoint.origin', checkpoint.origin, keys[0].name)
  const by = []
  for (const { name, key, hash } of named) {
    const found = checkpoint.signatures.filter(s => s.name === name && same(s.hash, hash))
    if (found.length > 1) return bad('verify.checkpoint.form')
    for (const s of found) {
      const fit = await fits(key, s.sig, utf8(checkpoint.text))
      if (fit === null) return open('verify.checkpoint.algorithm', key.algorithm)
      if (!fit) return bad('verify.checkpoint.wrong', key.id)
      by.push(key.id)
    }
  }
  return by.length > 0 ? good('verify.checkpoint.good', checkpoint.origin, checkpoint.size, by[0]) : bad('verify.checkpoint.unknown', checkpoint.origin)
}

// included: the hashes lead from the event to the root (RFC 9162, 2.1.3.2).
async function included(receipt, checkpoint) {
  let place = receipt.index, last = checkpoint.size - 1n
  if (place > last) return bad('verify.inclusion.beyond', receipt.index, checkpoint.size)
  let node = await sha256([0], receipt.envelope)
  for (const sibling of receipt.proof) {
    if (last === 0n) return bad('verify.inclusion.length')
    if (place % 2n === 1n || place === last) {
      node = await sha256([1], sibling, node)
      while (place !== 0n && place % 2n === 0n) [place, last] = [place / 2n, last / 2n]
    } else {
      node = await sha256([1], node, sibling)
    }
    place /= 2n
    last /= 2n
  }
  if (last !== 0n) return bad('verify.inclusion.length')
  if (!same(node, checkpoint.root)) return bad('verify.inclusion.wrong')
  return good('verify.inclusion.good', receipt.index + 1n, checkpoint.size)
}

// witnesses lists who else signed the checkpoint. Their keys are not at hand.
function witnesses(checkpoint) {
  const names = checkpoint.signatures.map(s => s.name).filter(name => name !== checkpoint.origin)
  return names.length > 0 ? note('verify.witnesses.named', names.join(', ')) : note('verify.witnesses.none')
}

// check checks a receipt under the keys of trust. id is that of the event it
// should be of; null where any event will do. The payload is returned as it
// was signed, for whoever shows it; show it only where the verdict is good.
export async function check(receiptText, trust, id = null) {
  if (!globalThis.crypto?.subtle) return verdict([open('verify.nocrypto')], null)
  const receipt = openReceipt(receiptText)
  if (!receipt) return verdict([bad('verify.receipt.form')], null)
  const envelope = openEnvelope(receipt.envelope)
  const checkpoint = openCheckpoint(receipt.checkpoint)
  const payload = envelope && textIn(envelope.payload)
  const event = payload && parsed(payload)
  const steps = envelope ? [...await signed(envelope, trust), about(event, checkpoint, id)] : [bad('verify.envelope.form')]
  steps.push(await confirmed(checkpoint, trust))
  if (checkpoint) steps.push(await included(receipt, checkpoint), witnesses(checkpoint))
  return verdict(steps, payload && { text: payload, event })
}

// parsed is the object that a text is in JSON; null where it is none, or where
// a member is there twice, of which everybody could read another.
function parsed(text) {
  try {
    const value = JSON.parse(text)
    return value && typeof value === 'object' && !twice(text) ? value : null
  } catch {
    return null
  }
}

// twice tells whether an object in a text that is JSON has a member twice.
function twice(json) {
  const within = []
  for (const [token, name] of json.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(?:\s*:)?|[{}]/g)) {
    if (token === '{') within.push(new Set())
    else if (token === '}') within.pop()
    else if (token.endsWith(':')) {
      const names = within.at(-1), size = names.size
      if (names.add(JSON.parse(name)).size === size) return true
    }
  }
  return false
}

// verdict is the worst of the steps.
function verdict(steps, payload) {
  const worst = ['bad', 'open', 'good'].find(state => steps.some(s => s.state === state))
  return { state: worst, steps, payload }
}
