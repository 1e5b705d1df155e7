// The signing keys that this browser holds, in IndexedDB of the console's
// address. A private key is made so that no script can read it: it can be had
// sign, and destroyed. Each key is kept with whose it is and of which ledger, and
// signs for nobody and nothing else (see signing.js).

const name = 'probity-signing', store = 'keys'

function database() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(name, 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore(store, { keyPath: 'id' })
    asked.onsuccess = () => done(asked.result)
    asked.onerror = () => fail(asked.error)
  })
}

// within does one thing with the keys, and returns what came of it when that
// is kept.
async function within(mode, act) {
  const db = await database()
  try {
    return await new Promise((done, fail) => {
      const kept = db.transaction(store, mode)
      const asked = act(kept.objectStore(store))
      kept.oncomplete = () => done(asked.result)
      kept.onabort = () => fail(kept.error ?? new Error('nothing was kept'))
    })
  } finally {
    db.close()
  }
}

const base64 = bytes => btoa(Array.from(bytes, b => String.fromCharCode(b)).join(''))
const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('')

// able tells whether this browser signs for this page at all.
export const able = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB)

// heldBy returns the keys that somebody has here for a ledger, the oldest first.
export async function heldBy(subject, ledger) {
  const all = await within('readonly', keys => keys.getAll())
  return all.filter(k => k.subject === subject && k.ledger === ledger).sort((a, b) => a.made < b.made ? -1 : 1)
}

// make makes a key for somebody: Ed25519, or where the browser does not know
// that, ECDSA P-256. forgettable: the browser may throw it away when short of space.
export async function make(subject, ledger) {
  const [algorithm, pair] = await generate()
  const der = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  const id = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', der)))
  const key = { id, subject, ledger, algorithm, spki: base64(der), made: new Date().toISOString(), privateKey: pair.privateKey }
  await within('readwrite', keys => keys.add(key))
  const forgettable = !await navigator.storage?.persist?.().catch(() => false)
  return { key, forgettable }
}

async function generate() {
  try {
    return ['ed25519', await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify'])]
  } catch {
    return ['ecdsa-p256', await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])]
  }
}

// destroy removes a key for good.
export const destroy = id => within('readwrite', keys => keys.delete(id))

// pem is the public key as a file holds it.
export const pem = key => `-----BEGIN PUBLIC KEY-----\n${key.spki.match(/.{1,64}/g).join('\n')}\n-----END PUBLIC KEY-----\n`

// sign returns the signature over a message, in base64, as the ledger takes it.
export async function sign(key, message) {
  if (key.algorithm === 'ed25519') return base64(new Uint8Array(await crypto.subtle.sign('Ed25519', key.privateKey, message)))
  return base64(lowS(new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, message))))
}

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

// lowS makes DER of r and s, 32 bytes each: of the two signatures that fit, the
// one with the smaller s, which alone the ledger takes.
export function lowS(raw) {
  const number = bytes => BigInt('0x' + hex(bytes))
  const r = number(raw.slice(0, 32)), s = number(raw.slice(32))
  const body = [r, s > order / 2n ? order - s : s].flatMap(integer)
  return Uint8Array.from([0x30, body.length, ...body])
}

function integer(n) {
  const digits = n.toString(16)
  const bytes = digits.padStart(digits.length + digits.length % 2, '0').match(/../g).map(pair => parseInt(pair, 16))
  if (bytes[0] >= 0x80) bytes.unshift(0)
  return [2, bytes.length, ...bytes]
}
