// Usage: import { person } from './person.mjs', of a script that is given
// DEMO-OUTPUT [SCREENSHOT-FOLDER].
// What somebody of the demo, or of the public, does in a browser window of their
// own: they click what they see. Each page they come to is looked at by axe, once
// for each address; what asks another host, fails or breaks the policy of contents
// is a problem.
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const [output, folder] = process.argv.slice(2)
const links = {}
let who = ''
for (const line of readFileSync(output, 'utf8').split('\n')) {
  who = line.match(/^ {4}\w+ ([\w-]+)( \S+)?: /)?.[1] ?? who
  const link = line.match(/^ +(http\S+\/console\/signin#\S+)/)?.[1]
  if (link) links[who] ??= link
}
const { origin, host } = new URL(links['auditor-01'])
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
export const problems = []
export const expect = (held, what) => { if (!held) problems.push(what) }
const locales = { en: 'en-GB', zh: 'zh-CN' }
const words = {
  en: { rooms: 'Rooms', home: 'Home', officers: 'Officers', cases: 'Cases', enforcement: 'Enforcement', late: /^Late \(\d+\)/, all: 'All of them', conclude: 'Conclude the complaint', daysLate: /\d+ days late/, complaint: /^Complaint /, opened: 'Cases opened, investigators not named yet',
    open: 'Open a case', origin: 'Origin', selfReport: 'a self-report', persons: 'Officers 1', conduct: 'Conduct', investigators: 'Name investigators', investigator: 'Investigators', check: 'Check', would: 'What would be recorded', record: 'Record', recorded: /^Recorded/, goOn: /^Go on to/, inquiry: 'under inquiry',
    name: 'Name', search: 'Search', timeline: 'Accountability timeline', matters: 'Matters', sanctions: 'Sanctions', show: 'Show', restricted: 'Officer restricted', imposed: 'Sanction imposed', proposed: 'Sanction proposed', found: 'Case: finding confirmed', effects: 'What followed', file: 'Record file', readers: 'Who has read this file', own: 'Your own file', why: /a complaint is looked into/,
    complain: 'Make a complaint', kind: 'Kind of matter', delay: 'Delay', happened: 'What happened', unit: 'Agency or unit', send: 'Send', look: 'Look up', lookUp: 'Look up a complaint by its receipt code', code: 'Receipt code', received: 'Received, not looked at yet', disclosures: 'Disclosures', reporting: 'Make a complaint, or look one up by its receipt code' },
  zh: { rooms: '栏目', home: '首页', officers: '执法人员', cases: '案件', enforcement: '执法案件', late: /^已逾期 \(\d+\)/, all: '查看全部', conclude: '办结投诉', daysLate: /逾期 \d+ 天/, complaint: /^投诉举报 /, opened: '已立案、未指定调查人员',
    open: '立案', origin: '线索来源', selfReport: '主动报告', persons: '人员 1', conduct: '行为', investigators: '指定调查人员', investigator: '调查人员', check: '核对', would: '将要记录的内容', record: '记录', recorded: /^已记录/, goOn: /^前往/, inquiry: '调查中',
    name: '姓名', search: '查找', timeline: '责任时间线', matters: '事项', sanctions: '惩戒', show: '显示', restricted: '影响期限制', imposed: '作出惩戒', proposed: '惩戒提出', found: '认定确认', effects: '由此引起', file: '廉政档案', readers: '本档案查阅记录', own: '本人档案', why: /核查投诉/,
    complain: '提交投诉举报', kind: '问题类别', delay: '拖延', happened: '事情经过', unit: '机关或单位', send: '发送', look: '查询', lookUp: '凭回执码查询进展', code: '回执码', received: '已收到，尚未甄别', disclosures: '政务公开', reporting: '提交投诉举报，或凭回执码查询' },
}

// judge has axe look at a copy of a page that itself runs no script.
const judge = await browser.newContext({ bypassCSP: true })
export const seen = { pages: 0, clicks: 0 }
async function check(page, name, scripts) {
  let shown = page
  if (!scripts) {
    const html = await page.content()
    shown = await judge.newPage()
    await shown.route('**/*', route => route.request().url() === page.url() ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }) : route.continue())
    await shown.goto(page.url())
  }
  await shown.evaluate(axe)
  const found = await shown.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }))
  for (const v of found.violations) if (['serious', 'critical'].includes(v.impact)) problems.push(`${name}: ${v.id}: ${v.nodes[0].html}`)
  if (folder) await page.screenshot({ path: `${folder}/story-${name}.png`, fullPage: true })
  if (!scripts) await shown.close()
  seen.pages++
}

// person opens a window for somebody, and returns what they do in it.
export async function person(name, lang, scripts = true) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: locales[lang], javaScriptEnabled: scripts })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('request', r => { if (r.url().startsWith('http') && new URL(r.url()).host !== host) problems.push(`asked another host: ${r.url()}`) })
  page.on('pageerror', e => problems.push(`page error: ${e}`))
  page.on('console', m => { if (/Content Security Policy/.test(m.text())) problems.push(m.text()) })
  page.on('response', r => { if (r.status() >= 500) problems.push(`${r.status()} ${r.url()}`) })
  const w = words[lang], main = page.getByRole('main')
  const known = new Set()
  let shown = 0
  const does = {
    page, main, w,
    async see(what) { // once for each address
      if (known.has(page.url()) && scripts) return
      known.add(page.url())
      await check(page, `${name}-${lang}-${String(++shown).padStart(2, '0')}-${what}`, scripts)
    },
    async follow(link, what) { // clicks, and looks at the page that it leads to
      const from = page.url()
      await link.click()
      await page.waitForURL(url => url.href !== from)
      seen.clicks++
      await does.see(what)
    },
    link: text => main.getByRole('link', { name: text, exact: typeof text === 'string' }).first(),
    room: (text, what = 'room') => does.follow(page.getByRole('navigation', { name: w.rooms }).getByRole('link', { name: text, exact: true }), what),
    row: (...texts) => texts.reduce((rows, text) => rows.filter({ hasText: text }), main.getByRole('row')).first(),
    async show(what) { // sends the filters of a list
      await does.follow(main.getByRole('button', { name: w.show, exact: true }).first(), what)
    },
    async record(what) { // checks a form and records it
      await main.getByRole('button', { name: w.check, exact: true }).click()
      await page.getByRole('heading', { name: w.would }).waitFor()
      await does.see(what + '-checked')
      await main.getByRole('button', { name: w.record, exact: true }).click()
      await page.getByRole('heading', { level: 1, name: w.recorded }).waitFor()
      seen.clicks += 2
      await does.follow(main.getByRole('link', { name: w.goOn }), what)
    },
    has: async (text, what) => expect(await main.getByText(text).count() > 0, `${name} (${lang}): ${what}`),
    done: () => context.close(),
  }
  const link = links[name]
  await page.goto(link ?? origin + '/')
  if (link) await page.waitForURL(origin + '/console/')
  await does.see('home')
  return does
}

export const close = () => browser.close()
