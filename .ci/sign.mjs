// Usage: node sign.mjs ORIGIN PROBITY DATA-FOLDER [SCREENSHOT-FOLDER]
// Signs in the console of a demo, as people do: a leader makes a key in the
// browser and asks for its enrolment, personnel enrols it, the leader confirms a
// finding with it. What is shown is what is signed; what a lying server asks for
// is not signed; a key is neither read nor lent. 'probity verify' counts the
// signatures afterwards.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const [origin, program, data, folder] = process.argv.slice(2)
const work = mkdtempSync(join(tmpdir(), 'sign-'))
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
const problems = []
process.on('uncaughtException', e => {
  console.error([...new Set(problems), e].join('\n'))
  process.exit(1)
})
const expect = (held, what) => { if (!held) problems.push(what) }
const probity = (...args) => execFileSync(program, args, { encoding: 'utf8', cwd: work, env: { ...process.env, PROBITY_KEY_PASSPHRASE: 'for this test alone' } })
const token = (role, sub) => probity('token', '--data', data, '--role', role, '--sub', sub, '--unit', 'SJ').trim()

// as signs somebody in, in a browser of their own.
async function as(role, sub, locale = 'en-GB', viewport = { width: 1100, height: 900 }) {
  const context = await browser.newContext({ viewport, locale, acceptDownloads: true })
  await context.addCookies([{ name: 'probity-console', value: token(role, sub), url: origin + '/console/' }])
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  page.on('pageerror', e => problems.push(`page error: ${e}`))
  page.on('console', m => { if (/Content Security Policy/.test(m.text())) problems.push(m.text()) })
  page.on('request', r => { if (!r.url().startsWith(origin) && !/^(data|blob):/.test(r.url())) problems.push(`asked another host: ${r.url()}`) })
  page.on('response', r => { if (r.status() >= 500) problems.push(`${r.status()} ${r.url()}`) })
  return page
}
async function look(page, name) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  for (const v of found.violations) if (['serious', 'critical'].includes(v.impact)) problems.push(`${name}: ${v.id}: ${v.nodes[0].html}`)
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (beyond > 0) problems.push(`${name}: ${beyond} pixels lie beyond the screen`)
  if (folder) await page.screenshot({ path: `${folder}/sign-${name}.png`, fullPage: true })
}
const button = (page, name) => page.getByRole('button', { name, exact: true })
const text = page => page.locator('main').innerText()
async function says(page, ...texts) {
  const said = await text(page)
  for (const t of texts) expect(said.includes(t), `not said: ${t}; but:\n${said}`)
}

// A key is made, and asked for.
const leader = await as('leader', 'SJ-0004')
await leader.goto(origin + '/console/key')
await leader.getByText('None is enrolled as yours.').waitFor()
await button(leader, 'Make a key').click()
await leader.getByText('Made. Hand over the request').waitFor()
const request = await leader.getByLabel('Request for enrolment').inputValue()
const id = await leader.locator('section[data-held]').getAttribute('data-held')
expect(request.includes('BEGIN PUBLIC KEY') && request.includes(id), `the request: ${request}`)
await look(leader, 'key')
const kept = await leader.evaluate(() => new Promise(done => {
  indexedDB.open('probity-signing', 1).onsuccess = e => {
    e.target.result.transaction('keys').objectStore('keys').getAll().onsuccess = async got => {
      const [key] = got.target.result
      const out = []
      for (const form of ['pkcs8', 'jwk', 'raw']) out.push(await crypto.subtle.exportKey(form, key.privateKey).then(() => form, e => e.name))
      done([key.algorithm, key.privateKey.extractable, ...out, JSON.stringify(key)])
    }
  }
}))
expect(kept[1] === false && !['pkcs8', 'jwk', 'raw'].some(form => kept.slice(2, 5).includes(form)), `the private key can be read: ${kept}`)

// It signs nothing before it is enrolled, and says so.
const confirm = { id: 'sign-confirm-1', command: 'misconduct.confirm_finding', subject: 'SJ-TS-2026-0015', actor: 'SJ-0004', role: 'leader', data: {} }
async function prepare(page, instruction) {
  await page.goto(origin + '/console/sign/prepare')
  await page.locator('#instruction').fill(typeof instruction === 'string' ? instruction : JSON.stringify(instruction))
  await page.locator('main button').first().click()
}
await prepare(leader, confirm)
await says(leader, 'It was not prepared.')
expect((await leader.locator('#instruction').inputValue()).includes('sign-confirm-1'), 'a refused instruction is lost')
await look(leader, 'refused')

// Personnel enrols it.
const hr = await as('hr', 'SJ-0001')
await hr.goto(origin + '/console/keys')
await hr.getByLabel('Request or public key').fill('nothing')
await hr.getByLabel('Holder', { exact: true }).last().fill('SJ-0004')
await button(hr, 'Check and prepare').click()
await says(hr, 'There is not exactly one public key')
await hr.getByLabel('Request or public key').fill(request)
await hr.locator('#holder').fill('SJ-0001')
await button(hr, 'Check and prepare').click()
await says(hr, 'nobody enrols their own key')
expect(await hr.locator('#holder[aria-invalid]').count() === 1, 'a refusal does not stand at its field')
await look(hr, 'enrol-refused')
await hr.locator('#holder').fill('SJ-0004')
await button(hr, 'Check and prepare').click()
await hr.waitForLoadState() // a text may arrive in parts
const enrolment = await hr.getByLabel('Give this text to the holder').inputValue()
await look(hr, 'enrol')

// The holder's page signs that enrolment, and nothing else as one.
const bend = (line, change) => {
  const p = JSON.parse(line)
  p.payloads = p.payloads.map(b64 => Buffer.from(change(Buffer.from(b64, 'base64').toString())).toString('base64'))
  return JSON.stringify(p)
}
async function readEnrolment(page, line) {
  await page.locator('#prepared').fill(line)
  await button(page, 'Show what it says').click()
}
await leader.goto(origin + '/console/key')
for (const [line, said] of [
  ['nothing', 'this is not what a ledger prepares'],
  [bend(enrolment, t => t.replaceAll('"SJ-0004"', '"SJ-0005"')), 'the key would be enrolled as that of SJ-0005'],
  [bend(enrolment, t => t.replace('"author"', '"ledger"')), 'or for other use'],
  [bend(enrolment, t => t.replace('key.enrolled.v1', 'key.revoked.v1')), 'not the enrolment of a key of yours'],
  [bend(enrolment, t => t.replace(/"source":"[^"]+"/, '"source":"other.example/ledger"')), 'it is of the ledger other.example/ledger'],
  [bend(enrolment, t => t.replace('{', '{ ')), 'cannot be shown here exactly'],
  [bend(enrolment, t => t.replace(/}$/, ',"actor":"SJ-0001"}')), 'cannot be shown here exactly'],
  [bend(enrolment, t => t.replaceAll(id, '0'.repeat(64))), 'is not in this browser'],
]) {
  await readEnrolment(leader, line)
  await leader.locator('#sign-said').getByText(said).waitFor().catch(() => problems.push(`not said: ${said}`))
  expect(await leader.locator('#sign-line').isHidden(), `is signed all the same: ${said}`)
}
await leader.goto(origin + '/console/key')
await readEnrolment(leader, enrolment)
await button(leader, 'Sign with the new key').waitFor()
await says(leader, 'Key enrolled', 'SJ-0001', id)
await look(leader, 'enrolment')
await button(leader, 'Sign with the new key').click()
const signed = await leader.getByLabel('Give this back').inputValue()
expect(signed.startsWith(enrolment.slice(0, -1)), 'what was prepared is changed by signing it')
await hr.getByLabel('Paste what they give back').fill(signed.replace(/"sig":"./, '"sig":"?'))
await button(hr, 'Record the enrolment').click()
await says(hr, 'It is not recorded')
await hr.locator('#signed').fill(signed)
await button(hr, 'Record what was signed').click()
await says(hr, 'It is recorded, with your signature.', 'Key enrolled')
await hr.goto(origin + '/console/keys')
await says(hr, 'SJ-0004')
await look(hr, 'keys')
await leader.goto(origin + '/console/key')
await leader.locator('tr[data-status=ACTIVE] .here').waitFor()
await look(leader, 'key-enrolled')

// A finding is proposed, by an inspector whose key lies in a file.
const inspector = await as('inspector', 'SJ-0009')
const odd = 'heard the recording of the hall; the defence was taken down \u202egnp.exe \u2028“说明” <b>&amp;</b>'
const propose = { id: 'sign-propose-1', command: 'misconduct.propose_finding', subject: 'SJ-TS-2026-0015', actor: 'SJ-0009', role: 'inspector',
  data: { findings: [{ officer: 'SJ-0031', allegation: '未听取陈述申辩', result: 'unfounded', intent: 'none', opinion: odd }] } }
await prepare(inspector, propose)
await inspector.getByText('This browser holds no key of yours').waitFor()
await says(inspector, 'SJ-0031', '[U+202E]', '[U+2028]', '<b>&amp;</b>')
expect(await inspector.locator('#signing').isHidden(), 'one can sign without a key')
await look(inspector, 'nokey')
const file = name => readFileSync(join(work, name), 'utf8')
// elsewhere signs a text with the program, and hands the result back.
async function elsewhere(page, line) {
  writeFileSync(join(work, 'prepared'), line)
  writeFileSync(join(work, 'signed'), probity('submit', '--sign', '--key', 'luo.key', 'prepared'))
  await page.locator('details').evaluateAll(all => all.forEach(d => { d.open = true }))
  await page.locator('#signed').fill(file('signed'))
}
probity('key', 'new', '--out', 'luo.key')
await elsewhere(inspector, await inspector.locator('#text').inputValue())
await button(inspector, 'Record what was signed').click()
await says(inspector, 'the signature does not count', 'which is not enrolled')
await look(inspector, 'not-enrolled')
await hr.goto(origin + '/console/keys')
await hr.getByLabel('Request or public key').fill(file('luo.key.pub'))
await hr.locator('#holder').fill('SJ-0009')
await button(hr, 'Check and prepare').click()
await elsewhere(hr, await hr.getByLabel('Give this text to the holder').inputValue())
await button(hr, 'Record the enrolment').click()
await says(hr, 'It is recorded, with your signature.')
await button(inspector, 'Record what was signed').click()
await says(inspector, 'It is recorded, with your signature.')
await inspector.reload()
await says(inspector, 'It was on file already.')

// A server that lies gets no signature.
async function lie(change, said) {
  await leader.route('**/console/sign/prepare', async route => {
    if (route.request().method() !== 'POST') return route.continue()
    const answer = await route.fetch({ headers: { ...route.request().headers(), 'sec-fetch-site': 'same-origin' } })
    const before = await answer.text(), body = change(before)
    expect(before !== body, `nothing was changed: ${said} ${answer.status()}`)
    await route.fulfill({ response: answer, body })
  })
  await prepare(leader, confirm)
  await leader.locator('#sign-said').getByText(said).waitFor().catch(() => problems.push(`not said: ${said}`))
  expect(await leader.locator('#signing').isHidden(), `is signed all the same: ${said}`)
  await leader.unroute('**/console/sign/prepare')
}
const unescaped = html => html.replaceAll('&#34;', '"').replaceAll('&#43;', '+').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'")
const escaped = text => text.replaceAll('&', '&amp;').replaceAll('"', '&#34;')
const swap = change => html => html.replace(/(id="prepared" value=")([^"]*)"/, (_, head, value) => head + escaped(bend(unescaped(value), change)) + '"')
const hush = html => html.replace(/data-tosign="[^"]*"/, 'data-tosign="null"')
await lie(swap(t => t.replace('confirmed', 'rejected')), 'asks for a signature over something else than it prepared')
await lie(html => html.replace(/data-tosign="[^"]*"/, 'data-tosign="[&#34;AAAA&#34;]"'), 'asks for a signature over something else than it prepared')
await lie(html => hush(swap(t => t.replace('"actor":"SJ-0004"', '"actor":"SJ-0002"'))(html)), 'it would be done in the name of SJ-0002')
await lie(html => hush(swap(t => t.replace(/"source":"[^"]+"/, '"source":"other.example/l"'))(html)), 'it is of the ledger other.example/l')
await lie(html => hush(swap(t => t.replace('"data":{', '"data":{"a":1,"a":2,'))(html)), 'cannot be shown here exactly')
await lie(html => html.replace('data-subject="SJ-0004"', 'data-subject="SJ-0002"'), 'This browser holds no key of yours')

// The leader confirms it, with the key in the browser.
await prepare(leader, confirm)
await button(leader, 'Sign and record').waitFor()
await says(leader, 'Case: finding confirmed', 'SJ-0004', 'SJ-TS-2026-0015', 'leader')
await look(leader, 'sign')
const [posted] = await Promise.all([leader.waitForRequest(r => r.method() === 'POST' && r.url().endsWith('/console/sign')), button(leader, 'Sign and record').click()])
await leader.getByText('It is recorded, with your signature.').waitFor()
await look(leader, 'recorded')
await leader.reload() // the same form again
await says(leader, 'It was on file already. Nothing was recorded twice.')
await leader.locator('main li a').first().click()
await says(leader, 'Case: finding confirmed')
const again = await leader.context().request.post(origin + '/console/sign', { headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'cross-site' }, data: posted.postData() })
expect(again.status() === 403, `another site had something signed: ${again.status()}`)

// In Chinese, on a narrow screen, in the dark; and without JavaScript.
const narrow = await as('leader', 'SJ-0004', 'zh-CN', { width: 320, height: 700 })
await narrow.emulateMedia({ colorScheme: 'dark' })
for (const path of ['key', 'keys', `keys/${id}`, 'sign/prepare']) {
  await narrow.goto(`${origin}/console/${path}`)
  await look(narrow, `zh-narrow-${path.replace(/\/.*/, '')}${path.includes('/') ? '-one' : ''}`)
}
await narrow.goto(origin + '/console/key')
await button(narrow, '生成密钥').click()
await narrow.getByText('已生成。').waitFor()
await look(narrow, 'zh-narrow-made')
await button(narrow, '销毁此密钥……').click()
await narrow.getByText('销毁后无法恢复。').waitFor()
await button(narrow, '保留').click()
await prepare(narrow, { id: 'sign-zh-1', command: 'warning.acknowledge', subject: 'none', actor: 'SJ-0004', role: 'leader', data: {} })
await look(narrow, 'zh-narrow-refused')
await narrow.goto(origin + '/console/key')
await button(narrow, '销毁此密钥……').click()
await button(narrow, '永久销毁').click()
await narrow.getByText('已销毁。').waitFor()
expect(await narrow.locator('section[data-held]').count() === 0, 'a destroyed key is still there')

// A browser that does not know Ed25519 makes a key of ECDSA P-256; the ledger takes
// one of the two signatures that fit. In Chinese, on a narrow screen.
const old = await as('hr', 'SJ-0001', 'zh-CN', { width: 320, height: 700 })
await old.addInitScript(() => {
  const generate = crypto.subtle.generateKey.bind(crypto.subtle)
  crypto.subtle.generateKey = (by, ...rest) => by.name === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError')) : generate(by, ...rest)
})
await old.goto(origin + '/console/key')
await button(old, '生成密钥').click()
await old.getByText('ecdsa-p256').waitFor()
await leader.goto(origin + '/console/keys')
await leader.getByLabel('Request or public key').fill(await old.getByLabel('登记申请').inputValue())
await leader.locator('#holder').fill('SJ-0001')
await button(leader, 'Check and prepare').click()
await old.locator('#prepared').fill(await leader.getByLabel('Give this text to the holder').inputValue())
await button(old, '显示其内容').click()
await button(old, '用新密钥签名').click()
await old.getByText('已签名。').waitFor()
await leader.getByLabel('Paste what they give back').fill(await old.locator('#signed').inputValue())
await button(leader, 'Record the enrolment').click()
await says(leader, 'It is recorded, with your signature.')
const rename = n => ({ id: `sign-rename-${n}`, command: 'unit.rename', subject: 'SJ', actor: 'SJ-0001', role: 'hr', data: { name: `临浦区市场监督管理局（${n}）` } })
for (let n = 1; n <= 6; n++) {
  await prepare(old, rename(n))
  await button(old, '签名并记录').waitFor()
  if (n === 1) await look(old, 'zh-narrow-sign')
  await button(old, '签名并记录').click()
  await old.getByText('已记录，并附有您的签名。').waitFor()
}

// A session that ends before the button is pressed loses nothing.
await prepare(old, rename(7))
await button(old, '签名并记录').waitFor()
await old.context().clearCookies({ name: 'probity-console' })
await button(old, '签名并记录').click()
await old.getByText('您已不在登录状态').waitFor()
await look(old, 'zh-narrow-again')
await old.context().addCookies([{ name: 'probity-console', value: token('hr', 'SJ-0001'), url: origin + '/console/' }])
await button(old, '重新提交').click()
await old.getByText('已记录，并附有您的签名。').waitFor()

// Without JavaScript one reads what is to be signed, and how to sign it.
const plain = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' })
await plain.addCookies([{ name: 'probity-console', value: token('hr', 'SJ-0001'), url: origin + '/console/' }])
const bare = await plain.newPage()
await prepare(bare, rename(8))
await bare.locator('summary').click()
await says(bare, 'Unit renamed', '（8）', 'probity submit --sign')
expect(await bare.locator('#sign').isHidden(), 'without JavaScript there is a button that does nothing')

// The key is retired, and signs nothing more.
await leader.goto(`${origin}/console/keys/${id}`)
await look(leader, 'onekey')
await leader.locator('#retire-reason').fill('another machine')
await button(leader, 'Retire the key').click()
await says(leader, 'another machine')
await browser.close()
rmSync(work, { recursive: true })

const verified = execFileSync(program, ['verify', '--data', data], { encoding: 'utf8' })
expect(verified.includes(`signed    2 by key ${id}`) && verified.includes('authored  9 signed by who acted'), `'probity verify' does not count the authors:\n${verified}`)
if (problems.length) {
  console.error([...new Set(problems)].join('\n'))
  process.exit(1)
}
console.log('sign: a key was made, enrolled, used and retired in the browser; what could not be shown or was another\'s was not signed')
