// Usage: node forms.mjs DEMO-OUTPUT [SCREENSHOT-FOLDER]
// Fills in forms of the console as people of the demo do, in headless Chromium:
// with a field left out, with a lost connection, with a session that ends, with
// a double click, with a file, and without JavaScript. axe must find nothing
// serious on any form, in both languages, wide and narrow, and nothing may be
// asked of another host.
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const [output, folder] = process.argv.slice(2)
const links = {}
let role = ''
for (const line of readFileSync(output, 'utf8').split('\n')) {
  role = line.match(/^ {4}(\w+) [A-Z]/)?.[1] ?? role
  const link = line.match(/^ +(http\S+\/console\/signin#\S+)/)?.[1]
  if (link) links[role] ??= link
}
const { origin, host } = new URL(links.intake)
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
const problems = []
const expect = (held, what) => { if (!held) problems.push(what) }
const watch = page => {
  page.on('request', r => { if (r.url().startsWith('http') && new URL(r.url()).host !== host) problems.push(`asked another host: ${r.url()}`) })
  page.on('pageerror', e => problems.push(`page error: ${e}`))
  page.on('console', m => { if (/Content Security Policy/.test(m.text())) problems.push(m.text()) })
  page.on('response', r => { if (r.status() >= 500) problems.push(`${r.status()} ${r.url()}`) })
  page.setDefaultTimeout(10_000)
  return page
}
let checked = 0
async function check(page, name) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  for (const v of found.violations) if (['serious', 'critical'].includes(v.impact)) problems.push(`${name}: ${v.id}: ${v.nodes[0].html}`)
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (beyond > 0) problems.push(`${name}: ${beyond} pixels lie beyond a screen of ${page.viewportSize().width}`)
  if (folder) await page.screenshot({ path: `${folder}/forms-${name}.png`, fullPage: true })
  checked++
}
async function signIn(role, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options })
  const page = watch(await context.newPage())
  await page.goto(links[role])
  if (options.javaScriptEnabled !== false) await page.waitForURL(origin + '/console/')
  return [page, context]
}
const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).click()
const recorded = page => page.getByRole('heading', { level: 1, name: /^(Recorded|已记录)/ }).waitFor()

// Intake receives a complaint: a field is left out, then the connection is lost.
const [intake, context] = await signIn('intake')
await check(intake, 'home')
await intake.getByRole('link', { name: 'Receive a complaint' }).click()
await check(intake, 'receive')
await intake.getByLabel('Category').fill('收费')
await intake.getByLabel('Summary').fill('多收费用，拒开票据')
await press(intake, 'Check')
await intake.getByRole('heading', { name: 'Not recorded' }).waitFor()
expect(await intake.evaluate(() => document.activeElement.id) === 'problems', 'what is refused has no focus')
await check(intake, 'refused')
await intake.locator('#problems a').first().click()
expect(await intake.evaluate(() => document.activeElement.id) === 'i-channel', 'the summary does not lead to the field')
await intake.getByLabel('Channel').selectOption('LETTER')
await intake.getByLabel('Under a real name').selectOption('yes')
await intake.getByLabel('Officers complained about 1').fill('HG-0022')
await intake.getByLabel('Telephone').fill('13800138000')
await intake.locator('input[type=file]').setInputFiles([{ name: '收据.pdf', mimeType: 'application/pdf', buffer: Buffer.from('abc') }, { name: 'big.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(3 << 20) }])
await intake.locator('input[name="evidence.1.digest"]').waitFor()
expect(await intake.locator('input[name="evidence.0.digest"]').inputValue() === 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'the digest of a file is wrong')
expect(await intake.getByLabel('Telephone').inputValue() === '13800138000', 'choosing a file loses what was typed')
await press(intake, 'Check')
await intake.getByRole('heading', { name: 'What would be recorded' }).waitFor()
await check(intake, 'checked')
let asked = ''
intake.once('dialog', async d => { asked = d.type(); await d.dismiss() })
await intake.getByRole('link', { name: 'Probity' }).click({ noWaitAfter: true }).catch(() => {})
await intake.waitForTimeout(300)
expect(asked === 'beforeunload', 'a changed form is left without a word')
await context.setOffline(true)
await press(intake, 'Record')
await intake.locator('#lost:not([hidden])').filter({ hasText: 'was not reached' }).waitFor()
expect(await intake.getByLabel('Summary').inputValue() === '多收费用，拒开票据', 'a lost connection loses what was typed')
await check(intake, 'lost')
await context.setOffline(false)
let posts = 0
intake.on('request', r => { if (r.method() === 'POST') posts++ })
await intake.locator('main').getByRole('button', { name: 'Record', exact: true }).dblclick()
await recorded(intake)
expect(posts === 1, `a double click sends ${posts} forms`)
await check(intake, 'recorded')
await intake.getByRole('link', { name: /^Go on to/ }).click()
await check(intake, 'complaint')

// The session ends in the middle: what was typed stays, and is recorded once
// somebody signed in again in another tab.
await intake.getByRole('link', { name: 'Screen', exact: true }).click()
await intake.getByLabel('May it be taken up').selectOption('yes')
await intake.getByLabel('Ground').fill('属于本机关职责')
await press(intake, 'Check')
const cookies = await context.cookies()
await context.clearCookies()
await press(intake, 'Record')
await intake.getByText('Your session has ended').waitFor()
expect(await intake.getByLabel('Ground').inputValue() === '属于本机关职责', 'an ended session loses what was typed')
await check(intake, 'signedout')
await context.addCookies(cookies)
await press(intake, 'Check')
await press(intake, 'Record')
await recorded(intake)
await context.close()

// A leader reports that a target is met, without JavaScript.
const [, signed] = await signIn('leader')
const state = await signed.storageState()
const still = watch(await (await browser.newContext({ javaScriptEnabled: false, storageState: state, locale: 'en-GB' })).newPage())
await still.goto(origin + '/console/plans?status=ADOPTED')
await still.locator('main tbody a').first().click()
await still.getByRole('link', { name: 'Report progress on a target', exact: true }).click()
const open = await still.getByLabel('Target').locator('option', { hasText: /· open/ }).first().getAttribute('value')
await still.getByLabel('Target').selectOption(open)
await still.getByLabel('Percent').fill('30')
await still.locator('input[type=file]').setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('abc') })
await press(still, 'Check')
await still.getByRole('heading', { name: 'What would be recorded' }).waitFor()
expect(await still.locator('input[name="evidence.0.digest"]').inputValue() === 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'without JavaScript a file has no digest')
await press(still, 'Record')
await recorded(still)

// An inspector takes a case from its opening to a proposed finding, and a leader
// confirms it.
const [inspector, inquiry] = await signIn('inspector')
async function give(page, path, fields) {
  await page.goto(origin + '/console/do/' + path)
  for (const [name, value] of Object.entries(fields)) {
    const input = page.locator(`[name="${name}"]`).first()
    if (await input.evaluate(e => e.tagName) === 'SELECT') await input.selectOption(value)
    else await input.fill(value)
  }
  await press(page, 'Check')
  await page.getByRole('heading', { name: 'What would be recorded' }).waitFor()
}
const today = new Date().toISOString().slice(0, 10)
const id = 'AJ-' + Date.now()
for (const [command, fields] of [
  ['misconduct.open', { _subject: id, origin: 'SELF_REPORT', officers: 'HG-0030', conduct: '违规收取费用' }],
  [`misconduct.name_investigators/${id}`, { investigators: 'HG-0007, HG-0008' }],
  [`misconduct.give_notice/${id}`, { officer: 'HG-0030' }],
  [`misconduct.hear_statement/${id}`, { officer: 'HG-0030', waived: 'yes' }],
  [`misconduct.propose_finding/${id}`, { 'findings.0.officer': 'HG-0030', 'findings.0.allegation': '违规收取费用', 'findings.0.deedOn': today, 'findings.0.result': 'SUSTAINED', 'findings.0.intent': 'INTENT',
    'findings.0.clause': '第三条', 'findings.0.measure': 'warning', 'findings.0.opinion': '事实清楚，建议给予警告' }],
]) {
  await give(inspector, command, fields)
  if (/propose/.test(command)) await check(inspector, 'propose')
  await press(inspector, 'Record')
  await recorded(inspector)
}
await inquiry.close()
const leader = watch(await signed.newPage())
await leader.goto(`${origin}/console/cases/${id}`)
await leader.getByRole('link', { name: 'Confirm the findings' }).click()
await press(leader, 'Check')
await leader.getByRole('heading', { name: 'What would be recorded' }).waitFor()
expect(await leader.getByText('事实清楚，建议给予警告').count() === 1, 'what is to be confirmed is not shown')
await check(leader, 'confirm')
await press(leader, 'Record')
await recorded(leader)
await check(leader, 'confirmed')

// Forms of each room, in Chinese, in the dark, on a narrow screen, by whoever
// is offered them.
const offered = {
  intake: ['complaint.receive'], inspector: ['misconduct.open', 'sanction.propose', 'warning.raise'], leader: ['plan.draft'], hr: ['disclosure.require'],
}
for (const [who, commands] of Object.entries(offered)) {
  const [, own] = await signIn(who)
  const small = watch(await (await browser.newContext({ viewport: { width: 320, height: 700 }, locale: 'zh-CN', colorScheme: 'dark', storageState: await own.storageState() })).newPage())
  for (const command of commands) {
    await small.goto(`${origin}/console/do/${command}`)
    expect(await small.locator('html').getAttribute('lang') === 'zh-Hans', `${command} is not in Chinese`)
    await check(small, command + '-zh')
    await press(small, '核对')
    await small.getByRole('heading', { name: '未记录' }).waitFor()
    await check(small, command + '-refused-zh')
  }
  if (who === 'inspector') {
    for (const [list, first] of [['cases', 'case'], ['warnings', 'warning']]) {
      await small.goto(`${origin}/console/${list}`)
      const one = small.locator('main tbody a').first()
      if (!await one.count()) continue
      await one.click()
      await check(small, first + '-zh')
      const step = small.locator('.can a').first()
      if (await step.count()) {
        await step.click()
        await check(small, first + '-step-zh')
      }
    }
  }
}
await browser.close()
if (problems.length) {
  console.error([...new Set(problems)].join('\n'))
  process.exit(1)
}
console.log(`forms: ${checked} pages looked at, nothing serious found by axe, nothing typed was lost`)
