// The verify button of an event, and the page of the keys that one holds. They
// are kept in this browser, in the storage of the console's address.
import { check, KeyError, readKeys, trusting } from './verify.js'
import { element, loads, sayer, show, showKeys, textOf } from './verifyshow.js'

const place = 'probity-keys'
const by = id => document.getElementById(id)
const root = by('verify')
const say = sayer(JSON.parse(root.dataset.words))
const outcome = by('verify-outcome')

// kept returns the keys that are held: their text, how they came here (pasted,
// or first told by this server) and when; null when there are none.
function kept() {
  try {
    return JSON.parse(localStorage.getItem(place))
  } catch {
    return null
  }
}

const none = { keys: new Map(), log: [], fingerprints: new Set() }
const told = async () => root.dataset.told ? readKeys(root.dataset.told) : none
const wrong = e => say(...(e instanceof KeyError ? [e.word, ...e.args] : ['verify.failed', e]))
const heads = {
  held: { good: 'verify.all.good', bad: 'verify.all.bad', open: 'verify.all.open' },
  first: { good: 'verify.all.first', bad: 'verify.all.bad', open: 'verify.all.open' },
  told: { good: 'verify.all.told', bad: 'verify.all.bad', open: 'verify.all.open' },
}

function keep(text, how) {
  localStorage.setItem(place, JSON.stringify({ text, how, at: new Date().toISOString().slice(0, 10) }))
}

// verify checks a receipt under the keys that are held; where there are none,
// under those that this server tells, which shows nothing about it.
async function verify(receipt, id) {
  outcome.replaceChildren(say('verify.busy'))
  try {
    const mine = kept(), theirs = await told()
    const trust = mine ? trusting(await readKeys(mine.text), theirs) : theirs
    const result = await check(receipt, trust, id)
    show(outcome, result, say, heads[mine ? mine.how === 'first' ? 'first' : 'held' : 'told'])
    if (!mine) {
      outcome.prepend(element('p', { class: 'notice' }, say('verify.nokeys')))
      if (result.state === 'good') offerFirst()
    }
  } catch (e) {
    outcome.replaceChildren(wrong(e))
  }
}

// offerFirst offers to keep what this server tells, from now on.
function offerFirst() {
  const button = element('button', { type: 'button', id: 'verify-first' }, say('verify.first'))
  button.addEventListener('click', () => {
    try {
      keep(root.dataset.keys, 'first')
      button.replaceWith(element('p', {}, say('verify.first.done')))
    } catch (e) { // the browser keeps nothing
      button.replaceWith(element('p', {}, wrong(e)))
    }
  })
  outcome.append(element('p', { class: 'hint' }, say('verify.first.warning')), button)
}

// ---- the page of keys

async function showKept() {
  const mine = kept()
  by('kept-how').replaceChildren(say(mine ? `verify.kept.${mine.how}` : 'verify.kept.none', mine?.at))
  by('forget').hidden = !mine
  try {
    showKeys(by('kept'), mine ? await readKeys(mine.text) : none, say)
  } catch (e) {
    by('kept').replaceChildren(element('li', {}, wrong(e)))
  }
}

function keysPage() {
  loads(by('keys-file'), by('keys'))
  loads(by('receipt-file'), by('receipt'))
  by('keep').addEventListener('click', async () => {
    try {
      await readKeys(by('keys').value)
      keep(by('keys').value, 'entered')
      by('keys-said').replaceChildren(say('verify.keys.done'))
      by('keys').value = ''
    } catch (e) {
      by('keys-said').replaceChildren(wrong(e))
    }
    showKept()
  })
  by('forget').addEventListener('click', () => {
    localStorage.removeItem(place)
    by('keys-said').replaceChildren(say('verify.keys.forgotten'))
    showKept()
  })
  by('check').addEventListener('click', () => verify(textOf(by('receipt').value), null))
  showKept()
}

root.hidden = false
if (by('keys')) keysPage()
else by('check').addEventListener('click', () => verify(textOf(by('receipt').textContent), root.dataset.event))
