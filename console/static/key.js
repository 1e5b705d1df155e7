// The page of one's own key: makes it, hands over its public half, signs its
// enrolment, destroys it. It sends nothing at all.
import { able, destroy, heldBy, make, pem } from './keystore.js'
import { mayEnrol, read, show, signAll, SigningError, withSignatures, wrong } from './signing.js'
import { element, loads, sayer } from './verifyshow.js'

const by = id => document.getElementById(id)
const root = by('mine'), said = by('sign-said')
const { subject, ledger } = root.dataset
const words = JSON.parse(root.dataset.words)
const say = sayer(words)

// standing is where a key stands by the table of this page, which lists the
// visitor's own.
const standing = id => document.querySelector(`tr[data-key="${id}"]`)?.dataset.status ?? 'none'
const tones = { ACTIVE: 'good', none: 'warn', REVOKED: 'bad' }

// request is what whoever enrols keys is handed.
const request = key => `# ${ledger}\n# ${subject}\n# SHA-256 ${key.id}\n${pem(key)}`

// save has the browser keep a text as a file.
function save(text, name) {
  const link = element('a', { href: URL.createObjectURL(new Blob([text], { type: 'text/plain' })), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

function button(word, act, attributes = {}) {
  const out = element('button', { type: 'button', ...attributes }, say(word))
  out.addEventListener('click', act)
  return out
}

function describe(key) {
  const state = standing(key.id)
  const field = element('textarea', { id: `pem-${key.id}`, rows: '6', readonly: '', spellcheck: 'false' })
  field.value = request(key)
  return element('section', { 'data-held': key.id },
    element('p', {}, element('strong', { class: `pill ${tones[state] ?? ''}` }, say(`signing.state.${state}`)), ' ', element('code', {}, key.id)),
    element('p', { class: 'hint' }, say('signing.made', key.algorithm, key.made.slice(0, 10))),
    element('p', {}, element('label', { for: field.id }, say('signing.request'))), field,
    element('p', {}, button('signing.save', () => save(request(key), `probity-key-${key.id.slice(0, 12)}.pub`)), ' ', button('signing.destroy', e => sure(e.currentTarget, key, state))))
}

// sure asks once more before a key is destroyed.
function sure(place, key, state) {
  const box = element('span', { role: 'group' }, element('span', { class: 'notice' }, say(state === 'ACTIVE' ? 'signing.sure.active' : 'signing.sure')), ' ',
    button('signing.destroy.yes', async () => {
      try {
        await destroy(key.id)
        await list()
        by('make-said').replaceChildren(say('signing.destroyed'))
      } catch (e) {
        by('make-said').replaceChildren(wrong(say, e))
      }
    }), ' ', button('signing.destroy.no', () => box.replaceWith(place)))
  place.replaceWith(box)
  box.querySelectorAll('button')[1].focus()
}

async function list() {
  const keys = await heldBy(subject, ledger)
  by('here').replaceChildren(...keys.map(describe))
  if (keys.length === 0) by('here').replaceChildren(element('p', { class: 'none' }, say('signing.here.none')))
  for (const row of document.querySelectorAll('tr[data-key]')) {
    row.querySelector('.here')?.remove()
    if (keys.some(k => k.id === row.dataset.key)) row.cells[0].append(element('span', { class: 'pill here' }, say('signing.here.row')))
  }
}

// tell does something, and says what went wrong.
const tell = (place, act) => async () => {
  place.replaceChildren()
  try {
    await act()
  } catch (e) {
    place.replaceChildren(wrong(say, e))
  }
}

let asked = null // the enrolment that is shown

async function readEnrolment() {
  by('what').replaceChildren()
  by('sign-line').hidden = by('signed-line').hidden = true
  asked = null
  const text = by('prepared').value
  const events = read(text)
  const keys = await heldBy(subject, ledger)
  const key = keys.find(k => k.id === events[0].value.subject)
  if (!key) throw new SigningError('signing.bad.nothere', events[0].value.subject)
  mayEnrol(key, events)
  show(by('what'), events, words)
  asked = { text, events, key }
  by('sign-line').hidden = false
}

async function signEnrolment() {
  by('signed').value = withSignatures(asked.text, await signAll(asked.key, asked.events))
  by('signed-line').hidden = false
  by('signed').focus()
  by('signed').select()
  said.replaceChildren(say('signing.enrolment.done'))
}

async function begin() {
  if (!able()) throw new SigningError('signing.nocrypto')
  loads(by('prepared-file'), by('prepared'))
  by('make').addEventListener('click', tell(by('make-said'), async () => {
    const { forgettable } = await make(subject, ledger)
    await list()
    by('make-said').replaceChildren(say('signing.makedone'), ...forgettable ? [' ', say('signing.forgettable')] : [])
  }))
  by('read').addEventListener('click', tell(said, readEnrolment))
  by('sign-it').addEventListener('click', tell(said, signEnrolment))
  by('save-signed').addEventListener('click', () => save(by('signed').value, 'signed'))
  await list()
}

root.hidden = false
begin().catch(e => by('here').replaceChildren(wrong(say, e)))
