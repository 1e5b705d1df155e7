// Reads what a ledger prepared for signing, shows it, and signs it. What is
// shown is read from the very bytes that are signed, and nothing is signed that
// could not be shown whole.
import { sign } from './keystore.js'
import { element, sayer } from './verifyshow.js'

// SigningError says why something is not signed.
export class SigningError extends Error {
  constructor(word, ...args) {
    super(word)
    Object.assign(this, { word, args })
  }
}

const payloadType = 'application/cloudevents+json'
const most = 256 // events of one instruction

function bytesIn(base64) {
  const raw = atob(base64)
  if (btoa(raw) !== base64) throw new SigningError('signing.bad.form')
  return Uint8Array.from(raw, c => c.charCodeAt(0))
}

// read takes apart what was prepared: the bytes, the text and the event of each
// payload.
export function read(text) {
  let prepared
  try {
    prepared = JSON.parse(text)
  } catch {
    throw new SigningError('signing.bad.form')
  }
  const { payloads, payloadType: type, signatures } = prepared ?? {}
  const list = Array.isArray(payloads) && payloads.length > 0 && payloads.length <= most && payloads.every(p => typeof p === 'string')
  if (!list || type !== payloadType) throw new SigningError('signing.bad.form')
  if (signatures) throw new SigningError('signing.bad.signed')
  return payloads.map(event)
}

// event reads one payload. That it is written exactly as it reads means that it
// holds nothing that is not shown: no member twice, no number rounded.
function event(base64) {
  let bytes, text, value
  try {
    bytes = bytesIn(base64)
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw new SigningError('signing.bad.form')
  }
  const { specversion, data } = value ?? {}
  if (specversion !== '1.0' || typeof data !== 'object') throw new SigningError('signing.bad.form')
  if (JSON.stringify(value) !== text) throw new SigningError('signing.bad.exact')
  return { bytes, text, value }
}

// toSign is the DSSE pre-authentication encoding of a payload.
export function toSign(bytes) {
  const head = new TextEncoder().encode(`DSSEv1 ${payloadType.length} ${payloadType} ${bytes.length} `)
  const out = new Uint8Array(head.length + bytes.length)
  out.set(head)
  out.set(bytes, head.length)
  return out
}

// mayAct refuses to sign what another is to have done, or in another ledger.
export function mayAct(key, events) {
  for (const { value } of events) {
    if (value.actor !== key.subject) throw new SigningError('signing.bad.actor', value.actor, key.subject)
    sameLedger(key, value)
  }
}

// mayEnrol refuses to sign anything as the key that is enrolled but its own
// enrolment, for whose key it is.
export function mayEnrol(key, events) {
  const [{ value }] = events
  if (events.length !== 1 || value.type !== 'key.enrolled.v1' || value.subject !== key.id || value.data.publicKey !== key.spki) throw new SigningError('signing.bad.enrolment')
  if (value.data.holder !== key.subject || value.data.purpose !== 'author') throw new SigningError('signing.bad.holder', value.data.holder ?? '', key.subject)
  sameLedger(key, value)
}

function sameLedger(key, value) {
  if (value.source !== key.ledger) throw new SigningError('signing.bad.ledger', value.source, key.ledger)
}

// signAll returns the signatures of the key, one for each payload.
export async function signAll(key, events) {
  const out = []
  for (const [payload, { bytes }] of events.entries()) out.push({ payload, keyid: key.id, sig: await sign(key, toSign(bytes)) })
  return out
}

// withSignatures puts signatures into what was prepared, as 'probity submit
// --sign' does. Not one byte of the rest is changed.
export function withSignatures(text, signatures) {
  const lists = signatures.map(({ keyid, sig }) => [{ keyid, sig }])
  return `${text.trim().slice(0, -1)},"signatures":${JSON.stringify(lists)}}`
}

// show shows events, in words and as they are signed.
export function show(into, events, words) {
  const say = sayer(words), text = s => say('%s', s)
  const named = (word, s) => words[word] && words[word] !== s ? [say(word), ' ', element('span', { class: 'soft' }, text(s))] : [text(s)]
  const moment = at => [text(at), ' ', element('span', { class: 'soft' }, text(new Date(at).toLocaleString(document.documentElement.lang)))]
  const one = ({ value, text: raw }) => [
    facts([
      ['signing.kind', named(`k.${value.type}`, value.type)],
      ['signing.about', [text(value.stream)]],
      ['signing.who', [text(value.actor), ' ', ...named(`v.Role.${String(value.role).toUpperCase()}`, value.role)]],
      ['signing.occurred', moment(value.occurredat)],
      ['signing.recorded', moment(value.time)],
      ['signing.rulebook', [text(value.rulebook)]],
      ['signing.ledger', [text(value.source)]],
    ].map(([word, what]) => [say(word), what])),
    element('h3', {}, say('signing.data')),
    Object.keys(value.data).length > 0 ? members(value.data, words, say) : element('p', { class: 'none' }, say('signing.nodata')),
    element('details', {}, element('summary', {}, say('signing.raw')), element('pre', { tabindex: '0' }, text(raw))),
  ]
  into.replaceChildren(element('h2', {}, say('signing.what')), ...events.flatMap(one))
}

const facts = rows => element('dl', { class: 'facts' }, ...rows.flatMap(([name, what]) => [element('dt', {}, name), element('dd', {}, ...what)]))

// members shows an object or a list, member by member, by name and word.
function members(object, words, say) {
  const text = s => say('%s', s), list = Array.isArray(object)
  const name = member => list ? [`${Number(member) + 1}.`] : [...word(member), element('code', {}, text(member))]
  const word = member => words[`f.${member}`] ? [say(`f.${member}`), ' '] : []
  return facts(Object.entries(object).map(([member, value]) => [element('span', {}, ...name(member)),
    [value !== null && typeof value === 'object' ? members(value, words, say) : element('span', { class: 'prose' }, text(value))]]))
}

// wrong says an error in words.
export function wrong(say, e) {
  return element('p', { class: 'notice', role: 'alert' }, say(...(e instanceof SigningError ? [e.word, ...e.args] : ['signing.failed', e])))
}
