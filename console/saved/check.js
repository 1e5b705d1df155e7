// ---- the saved check: follows verify.js and verifyshow.js in one script

const data = JSON.parse(document.getElementById('data').textContent)
const say = sayer(JSON.parse(document.getElementById('words').textContent))
const by = id => document.getElementById(id)

by('what').replaceChildren(say('verify.saved.what', data.id))
loads(by('keys-file'), by('keys'))
by('check').addEventListener('click', async () => {
  const outcome = by('verify-outcome')
  outcome.replaceChildren(say('verify.busy'))
  try {
    const held = await readKeys(by('keys').value)
    showKeys(by('held'), held, say)
    show(outcome, await check(data.receipt, trusting(held, data.told ? await readKeys(data.told) : held), data.id), say,
      { good: 'verify.all.saved', bad: 'verify.all.bad', open: 'verify.all.open' })
  } catch (e) {
    outcome.replaceChildren(say(...(e instanceof KeyError ? [e.word, ...e.args] : ['verify.failed', e])))
  }
})
by('take').addEventListener('click', () => {
  const file = URL.createObjectURL(new Blob([data.receipt], { type: 'text/plain' }))
  element('a', { href: file, download: `${data.id}.tlog-proof` }).click()
})
