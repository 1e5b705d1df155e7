// Usage: node verify.mjs SIGN-IN-LINK PROBITY [SCREENSHOT-FOLDER]
// Verifies an event of the demo in the browser as an auditor does: without keys,
// with those that the server tells first, with those handed over, with wrong
// ones; and by the saved file, opened from the disk. What was tampered with must
// not hold, in the page as in the file.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const [link, program, folder] = process.argv.slice(2)
const { origin } = new URL(link)
const work = mkdtempSync(join(tmpdir(), 'verify-'))
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
const problems = []
const expect = (held, what) => { if (!held) problems.push(what) }
const watch = page => {
  page.setDefaultTimeout(10_000)
  page.on('pageerror', e => problems.push(`page error: ${e}`))
  page.on('console', m => { if (/Content Security Policy/.test(m.text())) problems.push(m.text()) })
}
async function look(page, name) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  for (const v of found.violations) if (['serious', 'critical'].includes(v.impact)) problems.push(`${name}: ${v.id}: ${v.nodes[0].html}`)
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (beyond > 0) problems.push(`${name}: ${beyond} pixels lie beyond the screen`)
  if (folder) await page.screenshot({ path: `${folder}/verify-${name}.png`, fullPage: true })
}

const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
const page = await context.newPage()
watch(page)
await page.goto(link)
await page.waitForURL(origin + '/console/')
const path = await page.locator('a[href^="/console/events/"]').first().getAttribute('href')
const keys = await (await context.request.get(origin + '/log/keys')).text()

// verdict presses the button of a page, and returns what is said.
async function verdict(on) {
  await on.getByRole('button', { name: /^(Verify|核验)$/ }).click()
  const said = on.locator('[data-verdict]')
  await said.waitFor()
  return `${await said.getAttribute('data-verdict')}: ${await on.locator('#verify-outcome').innerText()}`
}
const says = (said, state, ...texts) => {
  for (const text of texts) expect(said.startsWith(state + ':') && said.includes(text), `not said: ${state}, ${text}; but:\n${said}`)
}
async function hold(text) {
  await page.goto(origin + '/console/verify')
  await page.getByLabel('Keys of the ledger').fill(text)
  await page.getByRole('button', { name: 'Keep these keys' }).click()
  await page.locator('#keys-said').getByText('Kept.').waitFor()
}

// Nobody's keys, and the first ones told.
await page.goto(origin + path)
let said = await verdict(page)
says(said, 'good', 'You hold no key.', 'That shows nothing about the server.', 'Inclusion: it is number')
await page.getByRole('button', { name: 'Keep the keys that this server tells' }).click()
said = await verdict(page)
says(said, 'good', 'when you first used it. They were never compared')
await page.goto(origin + '/console/verify')
await page.getByText('were kept on first use').waitFor()
await look(page, 'keys')
await page.getByRole('button', { name: 'Forget the keys' }).click()
await page.locator('#kept-how').getByText('None.').waitFor()

// Keys handed over; a fingerprint; wrong ones.
await hold(keys)
await page.goto(origin + path)
said = await verdict(page)
says(said, 'good', 'The event holds under the keys that you hold.', 'What was signed:', '"specversion":"1.0"')
await look(page, 'event')
const print = (await page.locator('#verify-outcome bdi').allInnerTexts()).find(t => /^[0-9a-f]{64}$/.test(t))
await hold(print)
await page.goto(origin + path)
says(await verdict(page), 'good', 'The event holds under the keys that you hold.')
await hold('log ' + print)
await page.goto(origin + path)
says(await verdict(page), 'bad', 'which is not among those at hand')
const strange = '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n' // RFC 8032, test 1
await hold(strange)
await page.goto(origin + path)
says(await verdict(page), 'bad', 'which is not among those at hand', 'no key at hand signed it')

// A server that changes what it sends. bent returns the page with a change.
await hold(keys)
await page.goto(origin + path)
const [, extra] = /^extra (.+)$/m.exec(await page.locator('#receipt').textContent())
async function bent(change, ...texts) {
  await page.route('**' + path, async route => {
    const answer = await route.fetch()
    const body = await answer.text(), changed = change(body)
    expect(body !== changed, `nothing was changed: ${texts}`)
    await route.fulfill({ response: answer, body: changed })
  })
  await page.goto(origin + path)
  says(await verdict(page), 'bad', ...texts)
  await page.unroute('**' + path)
}
const html = text => text.replaceAll('+', '&#43;')
const envelope = JSON.parse(Buffer.from(extra, 'base64'))
const sealed = e => Buffer.from(JSON.stringify(e)).toString('base64')
const bit = b64 => { const raw = Buffer.from(b64, 'base64'); raw[raw.length - 3] ^= 1; return raw.toString('base64') }
const swap = e => body => body.replace(html(extra), html(sealed(e))).replace(extra, sealed(e))
await bent(swap({ ...envelope, payload: bit(envelope.payload) }), 'it does not fit the key', 'does not lead from this event')
await bent(swap({ ...envelope, signatures: envelope.signatures.map(s => ({ ...s, sig: bit(s.sig) })) }), 'Signature of the event: it does not fit', 'does not lead from this event')
await bent(body => body.replace(/\nindex (\d+)\n/, (_, n) => `\nindex ${BigInt(n) ^ 1n}\n`), 'Inclusion:')
await bent(body => body.replace(/\nindex \d+\n/, '\nindex 999999999\n'), 'lies beyond the')
await bent(body => body.replace(/(\nindex \d+\n[^\n]*\n\S{9})(\S)/, (_, a, c) => a + (c === 'A' ? 'B' : 'A')), 'Inclusion: the proof does not lead')
await bent(body => body.replace(/(— \S+ \S{20})(\S)/, (_, a, c) => a + (c === 'A' ? 'B' : 'A')), 'Checkpoint: its signature does not fit')
await bent(body => body.replace(/data-event="[^"]+"/, 'data-event="00000000-0000-0000-0000-000000000000"'), 'which this is about')

// The saved check, from the disk, in a browser that knows nothing of the server.
async function saved(lang) {
  await page.context().addCookies([{ name: 'probity-lang', value: lang, url: origin + '/console/' }])
  await page.goto(origin + path)
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[download]').click()])
  const file = join(work, `probity-check-${lang}.html`)
  await download.saveAs(file)
  const digest = execFileSync('sh', ['-c', `sed '5s/>{[^<]*}</></' "$1" | openssl dgst -sha256 -r`, 'sh', file], { encoding: 'utf8' }).split(' ')[0]
  expect((await page.locator('main').innerText()).includes(digest), `the page does not name the digest of the saved check: ${digest}`)
  return file
}
const offline = await browser.newContext({ offline: true, viewport: { width: 900, height: 900 }, acceptDownloads: true })
async function open(file, text) {
  const p = await offline.newPage()
  watch(p)
  p.on('request', r => { if (!/^(file|data|blob):/.test(r.url())) problems.push(`the saved check asks ${r.url()}`) })
  await p.goto('file://' + file)
  await p.locator('#keys').fill(text)
  return p
}
const file = await saved('en')
let alone = await open(file, keys)
says(await verdict(alone), 'good', 'The event holds under the keys that you entered.', 'What was signed:')
await look(alone, 'saved')
const [receipt] = await Promise.all([alone.waitForEvent('download'), alone.getByRole('button', { name: 'Take the receipt out' }).click()])
await receipt.saveAs(join(work, 'receipt'))
writeFileSync(join(work, 'keys'), keys)
const agreed = execFileSync(program, ['verify', '--receipt', join(work, 'receipt'), '--key', join(work, 'keys')], { encoding: 'utf8' })
expect(/OK/.test(agreed), `probity verify does not agree: ${agreed}`)
alone = await open(file, print)
says(await verdict(alone), 'good', 'The event holds under the keys that you entered.')
alone = await open(file, strange)
says(await verdict(alone), 'bad', 'which is not among those at hand')
const text = readFileSync(file, 'utf8')
const tampered = join(work, 'tampered.html')
writeFileSync(tampered, text.replace(extra, sealed({ ...envelope, payload: bit(envelope.payload) })))
alone = await open(tampered, keys)
says(await verdict(alone), 'bad', 'it does not fit the key')
// A script of somebody else's does not run.
writeFileSync(tampered, text.replace('return verdict(steps,', 'return verdict([],'))
alone = await offline.newPage()
await alone.goto('file://' + tampered)
expect(await alone.locator('#what').innerText() === '', 'a saved check runs another script than its policy names')
alone = await open(await saved('zh'), keys)
says(await verdict(alone), 'good', '按您录入的公钥，此事件成立。')
await look(alone, 'saved-zh')
await page.goto(origin + path)
says(await verdict(page), 'good', '按您持有的公钥，此事件成立。')
await look(page, 'event-zh')
await page.emulateMedia({ colorScheme: 'dark' })
await page.setViewportSize({ width: 320, height: 700 })
await look(page, 'event-zh-narrow')
await page.goto(origin + '/console/verify')
await look(page, 'keys-zh-narrow')

await browser.close()
rmSync(work, { recursive: true })
if (problems.length) {
  console.error([...new Set(problems)].join('\n'))
  process.exit(1)
}
console.log('verify: events and saved checks hold under the keys that are held, and what was changed does not')
