// Usage: node console.mjs SIGN-IN-LINK [SCREENSHOT-FOLDER]
// Follows the console as the person of the link does: in English and Chinese,
// light and dark, wide and narrow. On each kind of page axe must find nothing
// serious, nothing may lie beyond a narrow screen, and nothing may be asked of
// another host. Reading must work without JavaScript.
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const [link, folder] = process.argv.slice(2)
const { origin, host } = new URL(link)
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
const problems = []
const watch = page => {
  page.on('request', r => { if (r.url().startsWith('http') && new URL(r.url()).host !== host) problems.push(`asked another host: ${r.url()}`) })
  page.on('request', r => { if (/token=/.test(r.url())) problems.push(`a token is in an address that is sent: ${r.url().slice(0, 60)}…`) })
  page.on('pageerror', e => problems.push(`page error: ${e}`))
  page.on('console', m => { if (/Content Security Policy/.test(m.text())) problems.push(m.text()) })
  page.on('response', r => { if (r.status() >= 500) problems.push(`${r.status()} ${r.url()}`) })
}
let checked = 0
async function check(page, name) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  for (const v of found.violations) if (['serious', 'critical'].includes(v.impact)) problems.push(`${name}: ${v.id}: ${v.nodes[0].html}`)
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (beyond > 0) problems.push(`${name}: ${beyond} pixels lie beyond a screen of ${page.viewportSize().width}`)
  const weight = await page.evaluate(() => performance.getEntries().reduce((n, e) => n + (e.transferSize || 0), 0))
  if (weight > 200_000) problems.push(`${name}: weighs ${weight} bytes`)
  if (folder) await page.screenshot({ path: `${folder}/console-${name}.png`, fullPage: true })
  checked++
}
const expect = (held, what) => { if (!held) problems.push(what) }

// Somebody signs in by the link, and follows what they see.
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
const page = await context.newPage()
page.setDefaultTimeout(10_000)
watch(page)
await page.goto(origin + '/console/officers')
expect(page.url().includes('/console/signin'), 'a stranger is shown officers')
await check(page, 'signin')
await page.goto(link)
await page.waitForURL(origin + '/console/')
expect(!page.url().includes('token'), 'the token stays in the address')
await check(page, 'home')
const room = async name => page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name, exact: true }).click()
await room('Officers')
await check(page, 'officers')
await page.goto(origin + '/console/officers/HG-0022')
await check(page, 'officer')
await page.getByRole('link', { name: 'Accountability timeline' }).click()
expect(await page.locator('svg circle').count() > 20, 'the timeline is not drawn')
await check(page, 'timeline')
await page.locator('.zoom').getByRole('link', { name: 'First half' }).click()
expect(/from=.*to=/.test(page.url()), 'the timeline is not narrowed')
await page.getByRole('link', { name: 'All', exact: true }).first().click()
await page.getByLabel('Matters').selectOption('sanction')
await page.getByRole('button', { name: 'Show' }).click()
await page.getByRole('table').getByRole('link', { name: 'Sanction imposed' }).first().click()
await page.getByText('application/cloudevents+json', { exact: true }).waitFor()
await check(page, 'event')
await page.goto(origin + '/console/officers/HG-0022/compare?from=2024-09-30&to=2026-06-30')
await check(page, 'compare')
for (const [name, first] of [['Cases', 'case'], ['Complaints', 'complaint'], ['Plans', 'plan'], ['Scorecards', 'scorecard'], ['Warnings', 'warning'], ['Enforcement', 'enforcement'], ['Programme', 'programme'], ['Post risks', 'post']]) {
  await room(name)
  await check(page, first + 's')
  await page.locator('main tbody a, main ul.plain a').first().click()
  await check(page, first)
  if (['case', 'complaint'].includes(first)) {
    await page.goto(page.url() + '/print')
    await check(page, first + '-paper')
    await page.goBack()
  }
}
await page.goto(origin + '/console/scorecards/HG/I3?period=2025')
await check(page, 'article')
await page.goto(origin + '/console/agencies?period=2025')
await check(page, 'agencies')
await page.goto(origin + '/console/search?q=' + encodeURIComponent('处罚'))
await check(page, 'search')
await room('Post risks')
await page.locator('svg a .cell').first().click()
expect(/likelihood=.*harm=|harm=.*likelihood=/.test(page.url()), 'a square of the risk map leads nowhere')
expect(await page.locator('#risks ~ .wide tbody tr').count() > 0, 'a square of the risk map has no risks')
await check(page, 'posts-cell')
await room('Discretion')
expect(await page.locator('svg path.limit95').count() === 2 && await page.locator('svg .out998').count() > 0, 'the funnel is not drawn, or its outlier is within')
await check(page, 'discretion')
await page.goto(origin + '/console/discretion?by=post')
await check(page, 'discretion-post')
await room('How warnings turned out')
expect(await page.locator('main tbody tr').count() > 10, 'the rules have no score')
expect(await page.locator('#groups').count() === 1, 'an auditor is not told on which groups warnings fall')
await page.locator('main details summary').first().click()
await check(page, 'warning-rules')
await page.locator('main tbody th a').first().click()
await page.getByRole('link', { name: 'How the warnings of each rule turned out' }).click()
expect(await page.locator('main tbody tr').count() >= 1 && /rule=/.test(page.url()), 'a list of warnings does not lead to the score of its rule')
await check(page, 'warning-rule')
await room('Review queue')
expect(await page.locator('main tbody tr').count() > 20, 'nobody is in the review queue')
await check(page, 'review-queue')
await room('Complaint clocks')
expect(await page.locator('svg rect.bad').count() > 0, 'what is late on complaints is not drawn')
await check(page, 'clocks')
const plan = await (await context.request.get(origin + '/console/plans/SW-JH-2024')).text()
const trace = origin + plan.match(/\/console\/tracebacks\/[^"]+/)[0]
await page.goto(trace)
expect(await page.locator('svg.graph .node').count() > 2, 'the trace is not drawn')
await check(page, 'traceback')

// The same in Chinese, in the dark, on a narrow screen, without JavaScript of
// the page; by the session that the link began.
const narrow = await browser.newContext({ viewport: { width: 320, height: 700 }, locale: 'zh-CN', colorScheme: 'dark', storageState: await context.storageState() })
const small = await narrow.newPage()
watch(small)
for (const [name, path] of [['home', ''], ['officers', 'officers'], ['officer', 'officers/HG-0022'], ['timeline', 'officers/HG-0022/timeline'], ['paper', 'officers/HG-0022/print'], ['scorecard', 'scorecards/HG'], ['plan', 'plans/SW-JH-2024'], ['disclosures', 'disclosures'],
  ['posts', 'posts'], ['post', 'posts/HG-CY-C1.KY'], ['discretion', 'discretion'], ['clocks', 'clocks'], ['warning-rules', 'warning-rules'], ['review-queue', 'review-queue'], ['programme', 'programmes/HG-CSZ-3']]) {
  await small.goto(origin + '/console/' + path)
  expect(await small.locator('html').getAttribute('lang') === 'zh-Hans', `${name} is not in Chinese`)
  await check(small, name + '-zh')
}
const still = await (await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() })).newPage()
watch(still)
await still.goto(origin + '/console/officers/HG-0022/timeline')
expect(await still.locator('svg circle').count() > 20, 'without JavaScript there is no timeline')
await still.goto(origin + '/console/warning-rules?raisedFrom=2025-01-01')
await still.locator('main details summary').first().click()
expect(await still.locator('main details[open] p').count() > 1, 'without JavaScript nothing says what a rule does not mean')

// How soon something is seen of a page, a few times each and from nothing kept:
// printed, for it depends on the machine.
const paints = []
for (const path of ['', 'officers', 'officers/HG-0022/timeline', 'posts', 'discretion', 'scorecards/HG']) {
  const times = []
  for (let i = 0; i < 5; i++) {
    const fresh = await browser.newContext({ storageState: await context.storageState() })
    const first = await fresh.newPage()
    await first.goto(origin + '/console/' + path)
    times.push(await first.evaluate(() => new Promise(done => new PerformanceObserver(list => done(list.getEntriesByName('first-contentful-paint')[0].startTime)).observe({ type: 'paint', buffered: true }))))
    await fresh.close()
  }
  paints.push(`/${path} ${Math.round(times.sort((a, b) => a - b)[2])} ms`)
}
console.log(`console: first contentful paint, median of 5: ${paints.join(', ')}`)

// Signing out ends it.
await page.getByRole('button', { name: 'Sign out' }).click()
await page.goto(origin + '/console/officers')
expect(page.url().includes('/console/signin'), 'signing out does not end the session')
await browser.close()
if (problems.length) {
  console.error([...new Set(problems)].join('\n'))
  process.exit(1)
}
console.log(`console: ${checked} pages looked at, nothing serious found by axe, nothing asked of another host`)
