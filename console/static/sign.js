// The page that signs. It sends nothing but its own form.
import { able, heldBy } from './keystore.js'
import { mayAct, read, show, signAll, SigningError, toSign, wrong } from './signing.js'
import { element, sayer } from './verifyshow.js'

const by = id => document.getElementById(id)
const form = by('sign'), said = by('sign-said')
const { subject, ledger } = form.dataset
const words = JSON.parse(form.dataset.words), known = JSON.parse(form.dataset.known)
const say = sayer(words)

const base64 = bytes => btoa(Array.from(bytes, b => String.fromCharCode(b)).join(''))

// asked reads what is to be signed. The bytes are those of what was prepared,
// and the server asks for the same.
function asked() {
  const events = read(by('prepared').value)
  const told = JSON.parse(form.dataset.tosign) ?? []
  if (told.length > 0 && JSON.stringify(told) !== JSON.stringify(events.map(e => base64(toSign(e.bytes))))) throw new SigningError('signing.bad.other')
  return events
}

async function begin() {
  const events = asked()
  show(by('what'), events, words)
  if (!able()) throw new SigningError('signing.nocrypto')
  const keys = await heldBy(subject, ledger)
  if (keys.length === 0) throw new SigningError('signing.nokey')
  for (const key of keys) mayAct(key, events)
  const counting = keys.filter(k => known.includes(k.id))
  if (counting.length === 0) said.replaceChildren(element('p', { class: 'notice' }, say('signing.notenrolled'), ' ', element('a', { href: '/console/key' }, say('signing.tokey'))))
  by('with').replaceChildren(...keys.map(k => {
    const option = element('option', { value: k.id }, `${k.id.slice(0, 12)}… (${k.algorithm}, ${k.made.slice(0, 10)})`)
    option.selected = k === counting.at(-1)
    return option
  }))
  by('signing').hidden = false
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const button = form.querySelector('button')
    button.disabled = true
    said.replaceChildren(say('signing.busy'))
    try {
      const key = keys.find(k => k.id === by('with').value)
      mayAct(key, events)
      by('signatures').value = JSON.stringify(await signAll(key, events))
      form.submit()
    } catch (e) {
      said.replaceChildren(wrong(say, e))
    }
    button.disabled = false
  })
}

form.hidden = false
begin().catch(e => {
  said.replaceChildren(wrong(say, e))
  if (e.word === 'signing.nokey') said.append(element('p', {}, element('a', { href: '/console/key' }, say('signing.tokey'))))
})
