// Sends a form without leaving the page, so that nothing typed is lost where
// the server is not reached. Digests of files are computed here, and the files
// stay here. Without this script the form is sent as forms are.

// patience is how long an answer is waited for, in milliseconds.
const patience = 30_000
// longest is the largest file whose digest is computed here, in bytes.
const longest = 512 * 1024 * 1024

let changed = false
let busy = false
let going = false

const form = () => document.getElementById('do')
const loaded = new Set([...document.scripts].map(s => s.src))

// Told is an error of the server's, in its words.
class Told extends Error {}

// say shows what the form was told to say, behind the button that was pressed;
// "" hides it.
function say(text, button) {
  const note = document.getElementById('lost')
  if (!note) return
  button?.closest('p')?.after(note)
  note.hidden = text === ''
  note.textContent = text
}

// foreign tells of a page that it has scripts of its own. It is gone to, and
// not put in the place of this one: its policy is its own too.
const foreign = page => [...page.scripts].some(s => !loaded.has(new URL(s.getAttribute('src') ?? '', location.href).href))

// turn puts another page in the place of this one.
function turn(page) {
  document.title = page.title
  document.getElementById('main').replaceWith(document.adoptNode(page.getElementById('main')))
  changed = form() ? form().hasAttribute('data-changed') : false
  const first = document.getElementById('problems') || document.getElementById('outcome') || document.getElementById('main')
  first.focus()
  first.scrollIntoView({ block: 'nearest' })
}

// send sends the form as the button would; what does not arrive leaves all as
// it is.
async function send(of, button) {
  const body = new FormData(of, button)
  const plain = of.enctype !== 'multipart/form-data'
  const stop = new AbortController()
  const late = setTimeout(() => stop.abort(), patience)
  try {
    const answer = await fetch(of.action, { method: 'POST', body: plain ? new URLSearchParams(body) : body, signal: stop.signal, redirect: 'error', credentials: 'same-origin' })
    if (!(answer.headers.get('Content-Type') || '').startsWith('text/html')) throw new Error('no page')
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const main = page.getElementById('main')
    if (!main) throw new Error('no page')
    if (!answer.ok && !page.getElementById('do')) throw new Told(main.textContent.replace(/\s+/g, ' ').trim()) // an error, without what was typed
    return page
  } finally {
    clearTimeout(late)
  }
}

async function submit(event) {
  if (event.target.id !== 'do' || going) return
  event.preventDefault()
  if (busy) return
  busy = true
  const of = event.target
  const buttons = [...document.querySelectorAll('button[type=submit]')].filter(b => b.form === of)
  for (const b of buttons) b.setAttribute('aria-disabled', 'true')
  say(of.dataset.busy, event.submitter)
  try {
    const page = await send(of, event.submitter)
    if (!foreign(page)) {
      turn(page)
      return
    }
    going = true // the same form once more, as forms are sent: it has recorded nothing
    changed = false
    of.requestSubmit(event.submitter)
  } catch (e) {
    say(e instanceof Told ? e.message : of.dataset.lost)
    document.getElementById('lost').scrollIntoView({ block: 'nearest' })
  } finally {
    busy = false
    for (const b of buttons) b.removeAttribute('aria-disabled')
  }
}

// digest enters what is filed of the files that were chosen.
async function digest(input) {
  const of = input.form
  const member = input.name.slice(0, -'.file'.length)
  const files = [...input.files]
  if (files.some(f => f.size > longest)) {
    input.value = ''
    say(of.dataset.large)
    return
  }
  if (!crypto.subtle) return // the page came by plain HTTP: the server computes it
  say(of.dataset.reading)
  const rows = []
  for (const file of files) {
    const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
    rows.push({ name: file.name, digest: 'sha256:' + [...sum].map(b => b.toString(16).padStart(2, '0')).join(''), mediaType: file.type || 'application/octet-stream', size: String(file.size) })
  }
  let n = 0
  for (const row of rows) {
    while (of.elements.namedItem(`${member}.${n}.digest`)?.value) n++
    for (const [name, value] of Object.entries(row)) {
      let field = of.elements.namedItem(`${member}.${n}.${name}`)
      if (!field) {
        field = document.createElement('input')
        field.type = 'hidden'
        field.name = `${member}.${n}.${name}`
        of.append(field)
      }
      field.value = value
    }
    n++
  }
  input.value = ''
  say('')
  of.requestSubmit([...of.querySelectorAll('button')].find(b => b.value === `more:${member}.file`))
}

document.addEventListener('submit', submit)
document.addEventListener('input', e => { if (e.target.form?.id === 'do') changed = true })
document.addEventListener('change', e => { if (e.target.type === 'file' && e.target.form?.id === 'do') digest(e.target).catch(() => say('')) })
addEventListener('beforeunload', e => {
  if (!changed || !form()) return
  e.preventDefault()
  e.returnValue = form().dataset.leave
})
changed = form()?.hasAttribute('data-changed') ?? false
document.getElementById('problems')?.focus()
