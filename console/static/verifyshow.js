// Shows what verify.js found, in words. Every text becomes a text node, and what
// is not seen or turns others around is written out, as on all pages.

const unseen = /[\p{Cc}\p{Cf}\u2028\u2029\ufffd]/gu
const seen = text => String(text).replace(unseen, c =>
  '\n\t\u200c\u200d'.includes(c) ? c : `[U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`)

// element makes an element with what is in it: texts and elements.
export function element(name, attributes, ...inside) {
  const out = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) out.setAttribute(key, value)
  out.append(...inside)
  return out
}

const bdi = text => element('bdi', {}, seen(text))

// sayer returns what says a text of words, with arguments in place of %s.
export function sayer(words) {
  return (word, ...args) => {
    const [first, ...rest] = (words[word] ?? word).split('%s')
    return element('span', {}, first, ...rest.flatMap((text, i) => [bdi(args[i] ?? ''), text]))
  }
}

const tones = { good: 'good', bad: 'bad', open: 'warn', note: '' }

// show puts a verdict where it is read out: what came of it, each step, and
// what was signed. words for the whole are those of head, by state.
export function show(into, result, say, head) {
  const steps = result.steps.map(s => element('li', {},
    element('strong', { class: `pill ${tones[s.state]}` }, say(`verify.state.${s.state}`)), ' ', say(s.word, ...s.args)))
  into.replaceChildren(
    element('p', { class: 'notice', 'data-verdict': result.state }, say(head[result.state])),
    element('ol', { class: 'chain' }, ...steps))
  if (result.state === 'good' && result.payload) {
    const { event, text } = result.payload
    const fact = (word, value) => value === undefined ? [] : [element('dt', {}, say(word)), element('dd', {}, bdi(value))]
    into.append(element('p', {}, say('verify.signed')), element('dl', { class: 'facts' },
      ...fact('verify.signed.kind', event.type), ...fact('verify.signed.about', event.stream), ...fact('verify.signed.who', event.actor),
      ...fact('verify.signed.occurred', event.occurredat), ...fact('verify.signed.recorded', event.time)),
    element('pre', { tabindex: '0' }, seen(text)))
  }
}

// showKeys lists keys by their fingerprints.
export function showKeys(into, keys, say) {
  into.replaceChildren(...[
    ...[...keys.keys.values()].map(k => say('verify.key.event', k.algorithm, k.id)),
    ...keys.log.map(l => say('verify.key.log', l.name, l.key.id)),
    ...[...keys.fingerprints].map(id => say('verify.key.fingerprint', id)),
  ].map(text => element('li', {}, text)))
}

// textOf is a text that was pasted, with the line ends of a file.
export function textOf(pasted) {
  const text = pasted.replaceAll('\r\n', '\n')
  return text.endsWith('\n') ? text : text + '\n'
}

// loads puts a file that is chosen into a field.
export function loads(chooser, field) {
  chooser.addEventListener('change', async () => {
    if (chooser.files[0]) field.value = await chooser.files[0].text()
  })
}
