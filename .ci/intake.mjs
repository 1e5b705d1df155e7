// Usage: node intake.mjs ORIGIN [SCREENSHOT-FOLDER]
// Complains as the public does, without JavaScript, in English and in Chinese:
// fills the form wrongly and rightly, hands in files, checks, changes, sends, sends
// once more, looks up by the code and writes a message. On each kind of page axe
// (in a context of its own, which may run scripts) must find nothing serious,
// nothing may lie beyond a narrow screen, no cookie may be set, nothing may be
// asked of another host, and the code may stand in no address.
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const [given, folder] = process.argv.slice(2)
const { origin, host } = new URL(given)
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
const problems = [], asked = []
let checked = 0
const expect = (held, what) => { if (!held) problems.push(what) }

// look has axe judge a copy of the page, for the page itself runs no script.
const judge = await browser.newContext({ bypassCSP: true })
async function look(page, name) {
  const html = await page.content()
  expect(!/<script|\son\w+=|\sstyle=/.test(html), `${name}: holds a script or a style`)
  for (const [width, scheme] of [[1280, 'light'], [320, 'dark']]) {
    const copy = await judge.newPage()
    await copy.setViewportSize({ width, height: 900 })
    await copy.emulateMedia({ colorScheme: scheme })
    await copy.route('**/*', async route => route.request().url() === page.url() ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }) : route.continue())
    await copy.goto(page.url())
    await copy.evaluate(axe)
    const found = await copy.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
    for (const v of found.violations) problems.push(`${name} (${width}, ${scheme}): ${v.id}: ${v.nodes[0].html}`)
    const beyond = await copy.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (beyond > 0) problems.push(`${name}: ${beyond} pixels lie beyond a screen of ${width}`)
    if (folder) await copy.screenshot({ path: `${folder}/intake-${name}-${width}.png`, fullPage: true })
    await copy.close()
  }
  checked++
}

// A picture that says where it was taken: a JPEG with the tag GPSInfo.
const exif = Buffer.from('49492a000800000001002588040001000000000000000000', 'hex')
const photo = Buffer.concat([Buffer.from('ffd8ffe1', 'hex'), Buffer.from([0, 8 + exif.length]), Buffer.from('Exif\0\0'), exif, Buffer.from('ffda', 'hex')])

const words = {
  en: { kind: 'bribery', check: 'Check', send: 'Send', change: 'Change something', look: 'Look up', write: 'Send the message', place: 'where it was taken', alert: 'Please look at this', received: 'Received, not looked at yet', thanks: 'Your message was received', own: 'Your own name' },
  zh: { kind: 'delay', check: '核对', send: '发送', change: '修改', look: '查询', write: '发送留言', place: '拍摄地点', alert: '请检查以下内容', received: '已收到', thanks: '您的留言已收到', own: '您的姓名' },
}
for (const [lang, locale] of [['en', 'en-GB'], ['zh', 'zh-CN']]) {
  const w = words[lang]
  const context = await browser.newContext({ javaScriptEnabled: false, locale, viewport: { width: 900, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('request', r => {
    asked.push(r.url() + ' ' + JSON.stringify(r.headers()))
    if (r.url().startsWith('http') && new URL(r.url()).host !== host) problems.push(`asked another host: ${r.url()}`)
  })
  page.on('response', r => { if (r.status() >= 500) problems.push(`${r.status()} ${r.url()}`) })
  page.on('console', m => { if (/Content Security Policy/.test(m.text())) problems.push(m.text()) })
  const press = name => page.getByRole('button', { name, exact: true }).click()

  await page.goto(origin + '/public/')
  expect(await page.locator('html').getAttribute('lang') === (lang === 'zh' ? 'zh-Hans' : 'en'), `the pages are not in ${lang}`)
  await look(page, `start-${lang}`)
  await page.locator('a.way').first().click()
  await look(page, `form-${lang}`)

  // Sent with blanks alone, it comes back with what was typed, and says so.
  await page.locator('#category').selectOption(w.kind)
  await page.locator('#summary').fill('   ')
  await page.locator('#place').fill('北门 north gate')
  await press(w.check)
  await page.getByRole('alert').getByText(w.alert).waitFor()
  expect(await page.locator('#place').inputValue() === '北门 north gate', 'what was typed is lost')
  await page.locator('#wrongs:focus').waitFor({ timeout: 5_000 }).catch(() => problems.push('the errors have no focus'))
  await look(page, `refused-${lang}`)
  await page.getByRole('alert').getByRole('link').first().click()

  // Filled in, with a name and a picture: the check says what they tell.
  await page.locator('#summary').fill('林一 saw it.\n<b>Money</b> was asked for; \u202eright to left.')
  await page.locator('#unit').selectOption({ index: 1 })
  await page.locator('summary').click()
  await page.locator('#name').fill('林一')
  await page.locator('#files').setInputFiles([{ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: photo }, { name: 'notes 笔记.txt', mimeType: 'text/plain', buffer: Buffer.from('noted') }])
  await press(w.check)
  await page.getByText(w.place).waitFor()
  expect(await page.getByText(w.own).count() === 1, 'the name in the text is not warned of')
  expect(await page.locator('dd b').count() === 0, 'markup of the sender is markup')
  await look(page, `check-${lang}`)

  // Changed: the picture is taken out, the other file stays.
  await press(w.change)
  await look(page, `change-${lang}`)
  await page.locator('.kept input[type=checkbox]').first().check()
  await press(w.check)
  expect(await page.getByText(w.place).count() === 0 && await page.getByText('notes 笔记.txt').count() === 1, 'a file is not taken out')
  const again = await page.content()
  await press(w.send)
  const code = (await page.locator('p.digits').textContent()).replaceAll(' ', '')
  expect(/^\d{16}$/.test(code), `the code is ${code}`)
  await look(page, `received-${lang}`)

  // The same form once more, as after a lost connection: the same code.
  const fields = [...again.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name, value]) => [name, value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&#43;', '+').replaceAll('&amp;', '&')])
  const body = new URLSearchParams([...fields, ['step', 'send']])
  const twice = await (await fetch(origin + '/public/complaint', { method: 'POST', body })).text()
  expect(twice.replace(/<[^>]*>|\s/g, '').includes(code), 'sent again, it has another code')

  // Looked up as people write a code, answered, and once more.
  await page.goto(origin + '/public/receipt')
  await look(page, `receipt-${lang}`)
  await page.locator('#code').fill('1111-2222-3333-4444')
  await press(w.look)
  await page.getByRole('alert').waitFor()
  await page.locator('#code').fill(lang === 'zh' ? [...code].map(d => String.fromCodePoint(0xff10 + +d)).join('') : code.replace(/(\d{4})(?=\d)/g, '$1-'))
  await press(w.look)
  await page.getByText(w.received).waitFor()
  await page.locator('#text').fill('One thing more.\n<i>Monday</i>')
  await page.locator('#files').setInputFiles([{ name: 'more.txt', mimeType: 'text/plain', buffer: Buffer.from('more') }])
  await press(w.write)
  await page.getByText(w.thanks).waitFor()
  expect(await page.getByText('<i>Monday</i>').count() === 1 && await page.getByText('more.txt').count() === 1, 'the message is not shown')
  await look(page, `state-${lang}`)

  expect((await context.cookies()).length === 0, 'a cookie is set')
  expect(!asked.some(line => line.includes(code)), 'the code is in an address or a header')
  await context.close()
}

// The other language keeps what was typed.
const other = await (await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' })).newPage()
await other.goto(origin + '/public/complaint')
await other.locator('#place').fill('north gate')
await other.getByRole('button', { name: '切换为中文' }).click()
expect(await other.locator('html').getAttribute('lang') === 'zh-Hans' && await other.locator('#place').inputValue() === 'north gate', 'the other language loses what was typed')
await other.goto(origin + '/public/nothing')
await look(other, 'missing')

await browser.close()
if (problems.length) {
  console.error([...new Set(problems)].join('\n'))
  process.exit(1)
}
console.log(`intake: ${checked} pages looked at without JavaScript, nothing found by axe, no cookie, nothing asked of another host`)
