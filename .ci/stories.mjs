// Usage: node stories.mjs DEMO-OUTPUT [SCREENSHOT-FOLDER]
// Carries a story through the console for each role, and for the public, as
// people do who have read no docs: from a sign-in link or from /, by clicking
// what they see, with no address typed. Inspector, officer and the public do so in
// Chinese as well. The auditor finds the planted stories of the demo twice: by the
// list at home, and without it, by rooms, filters and search. On each page axe must
// find nothing serious, and nothing may be asked of another host.
import { readFileSync } from 'node:fs'
import { close, expect, person, problems, seen } from './person.mjs'

// An inspector: what is late, and its object; a case that nobody investigates;
// an officer's sanction, back to its cause.
async function inspector(lang) {
  const { page, main, w, follow, link, room, row, show, record, has, done } = await person('HG-0007', lang)
  await main.getByRole('heading', { name: w.late }).waitFor()
  await follow(link(w.all), 'late')
  await follow(row(w.conclude).getByRole('link', { name: w.complaint }), 'late-complaint')
  await has(w.daysLate, 'what is late does not say so')
  await room(w.home)
  if (lang === 'zh') { // the demo has one case of the kind
    await follow(link(w.open), 'open')
    await main.getByLabel(w.origin).selectOption({ label: w.selfReport })
    await main.getByLabel(w.persons).fill('HG-0031')
    await main.getByLabel(w.conduct).fill('主动报告收受礼品')
    await record('opened')
    await room(w.home)
  }
  const table = main.getByRole('heading', { name: w.opened }).locator('xpath=following::table[1]')
  await follow(table.getByRole('row').nth(1).getByRole('link').first(), 'case')
  await follow(link(w.investigators), 'investigators')
  for (const [i, id] of ['HG-0007', 'HG-0008'].entries()) await main.getByLabel(`${w.investigator} ${i + 1}`).fill(id)
  await record('named')
  await has(w.inquiry, 'a case with investigators is not under inquiry')
  await room(w.officers)
  await main.getByLabel(w.name, { exact: true }).fill(lang === 'zh' ? '尹' : 'Yin')
  await follow(main.getByRole('button', { name: w.search }), 'officers')
  await follow(link(/尹强桂/), 'officer')
  await follow(link(w.timeline), 'timeline')
  await main.getByLabel(w.matters, { exact: true }).selectOption({ label: w.sanctions })
  await show('timeline-sanctions')
  await follow(row(w.proposed).getByRole('link', { name: w.found }), 'cause')
  await has(w.effects, 'a cause does not say what followed')
  await follow(link(w.proposed), 'effect')
  expect(await page.getByRole('heading', { level: 1 }).innerText() === w.proposed, 'the cause does not lead back to its effect')
  await done()
}

// A leader: the plan board, the late target, the trace-back, the scorecard, the
// article, the event behind it; and a report of progress.
async function leader() {
  const { page, main, follow, link, room, row, record, has, done } = await person('SW-0004', 'en')
  await follow(link(/plan for integrity and diligence 2026/), 'plan')
  await follow(link('Report progress on a target'), 'progress')
  const target = main.getByLabel('Target')
  await target.selectOption(await target.locator('option', { hasText: /· open/ }).first().getAttribute('value'))
  await main.getByLabel('Percent').fill('40')
  await record('reported')
  await room('Plans')
  await follow(row('2024', 'Linpu District Tax Bureau').getByRole('link').first(), 'board')
  expect(await page.locator('svg rect.bad').count() > 0, 'a missed target is not seen on the board')
  await has('held to account', 'the missed target does not say so')
  await follow(link(/^target:/), 'traceback')
  expect(await page.locator('svg.graph .node').count() > 2, 'the trace is not drawn')
  await room('Scorecards')
  await follow(link('Linpu District Tax Bureau'), 'scorecard')
  await follow(link(/^I1 /), 'article')
  await follow(main.locator('.cards').getByRole('listitem').getByRole('link').first(), 'event')
  await has('Proof of inclusion', 'the event behind an article has no proof')
  await done()
}

// Personnel: what changed, whom it is about, their file as of a day, what changed
// between two, on paper.
async function personnel() {
  const { main, follow, link, show, has, done } = await person('HG-0001', 'en')
  await follow(main.getByRole('listitem').filter({ hasText: 'training completed' }).getByRole('link', { name: /^Officer HG/ }).first(), 'officer')
  await main.getByLabel('As of the end of').fill('2025-06-30')
  await show('as-of')
  await has('The file as it stood at the end of 30 Jun 2025', 'the file does not say of which day it is')
  await follow(link('Compare two dates'), 'compare')
  await main.getByLabel('At the end of', { exact: true }).fill('2025-06-30')
  await show('compared')
  await has('What changed', 'two dates of a file that grew are the same')
  await follow(link('Record file'), 'file')
  await follow(link('Print'), 'paper')
  await has('Signatures', 'the paper has no place to sign')
  await done()
}

// An auditor: the six stories by the list; then as a newcomer who has not seen
// the list; then an event, verified.
async function auditor() {
  const { page, main, follow, link, room, row, show, has, done } = await person('auditor-01', 'en')
  const tour = [[/^A complaint that is true/, 'demerit'], [/^A target of the plan missed/, 'held to account'], [/^A hearing left out/, 'Steps overridden'], [/^An expired certificate/, 'expired'], [/^Penalties below their tier/, 'discretion-outlier'], [/^An anonymous complaint/, 'anonymous']]
  for (const [title, point] of tour) {
    await follow(link(title), 'tour')
    await has(point, `the story ${title} does not show its point`)
    await room('Home', 'again')
  }
  // A complaint that is true, to the release from a demerit.
  await room('Complaints')
  await main.getByLabel('Result').selectOption({ label: 'substantiated' })
  await show('true')
  await follow(row('HG-TS-2024-0002').getByRole('link').first(), 'complaint')
  await follow(link('HG-TS-2024-0002'), 'case')
  await follow(link('demerit'), 'sanction')
  await has('released', 'the sanction does not say that it was released')
  await follow(link(/尹强桂/), 'officer')
  // An anonymous complaint that is true.
  await room('Complaints')
  await main.getByLabel('Result').selectOption({ label: 'substantiated' })
  await show('true')
  await follow(row('anonymous', 'SW-TS-2024-0007').getByRole('link').first(), 'anonymous')
  await has('sustained', 'the anonymous complaint does not show its finding')
  // A missed target, traced to a leader.
  await room('Plans')
  await follow(row('2024', 'Linpu District Tax Bureau').getByRole('link').first(), 'plan')
  await follow(link(/^target:/), 'traceback')
  // A hearing left out.
  await room('Enforcement')
  await main.getByLabel('Steps overridden').check()
  await main.getByLabel('Review').selectOption({ label: 'overturned' })
  await show('overridden')
  await follow(row('overturned').getByRole('link').first(), 'hearing')
  await has('听证', 'the act does not show the hearing that was left out')
  // A certificate that ran out.
  await room('Obligations')
  await main.getByLabel('Obligation', { exact: true }).selectOption({ label: 'Renew the enforcement certificate' })
  await main.getByLabel('Status').selectOption({ label: 'kept' })
  await show('certificates')
  await follow(row('24 days late').getByRole('link', { name: /^Officer/ }), 'certificate')
  await has('expired', 'the file does not show the certificate that ran out')
  // Discretion: out of the funnel, to the acts; and the warning.
  await room('Discretion')
  await follow(row('beyond 99.8 %').getByRole('link').first(), 'outlier')
  await has('outside the tier', 'the point of the funnel does not lead to its acts')
  await room('Search')
  await main.getByLabel('Names, ids, texts').fill('discretion-outlier')
  await follow(main.getByRole('button', { name: 'Search' }), 'search')
  await follow(link(/discretion-outlier/), 'warning')
  await follow(main.getByRole('listitem').filter({ hasText: 'Enforcement decided' }).getByRole('link').first(), 'evidence')
  await main.getByRole('button', { name: 'Verify', exact: true }).click()
  await main.getByText('The event fits the keys that this server tells').waitFor()
  expect(await page.getByText('Does not hold').count() === 0, 'the event does not hold')
  await done()
}

// An overseer: the agencies side by side, a score, the programme before and
// after.
async function overseer() {
  const { main, follow, link, room, row, done } = await person('overseer-commission', 'en')
  await room('Side by side')
  await follow(row('I2 warning education').getByRole('link').first(), 'article')
  await follow(link('← Scorecard'), 'scorecard')
  await room('Programme')
  await follow(main.getByRole('listitem').filter({ hasText: 'Linpu Customs' }).filter({ hasText: 'closed' }).getByRole('link').first(), 'programme')
  const cells = await main.getByRole('region', { name: 'The twenty articles, before and after' }).getByRole('row').nth(1).getByRole('cell').allInnerTexts()
  expect(cells.length === 2 && cells.every(c => /\d/.test(c)), `before and after are ${cells}`)
  await done()
}

// An officer: their own file, who has read it, their own timeline.
async function officer(lang) {
  const { page, main, w, follow, link, room, has, done } = await person('HG-0022', lang)
  await has(w.own, 'the home has no file of their own')
  await has(w.why, 'the home does not say what the file was read for')
  await follow(link(w.file), 'file')
  await main.getByRole('heading', { name: w.readers }).waitFor()
  await follow(link(w.timeline), 'timeline')
  expect(await page.locator('svg circle').count() > 5, 'the timeline is not drawn')
  await room(w.enforcement)
  await done()
}

// complain hands in a complaint from the first page of the server, and returns
// the window and the receipt code.
async function complain(lang) {
  const public_ = await person('public', lang, false)
  const { page, main, w, follow } = public_
  await follow(page.getByRole('link', { name: /投诉举报/ }), 'start')
  await follow(main.getByRole('link', { name: w.complain }), 'complain')
  await main.getByLabel(w.kind).selectOption({ label: w.delay })
  await main.getByLabel(w.happened).fill('窗口三次退件，没有说明理由。 Sent away three times without a reason.')
  const unit = main.getByLabel(w.unit)
  await unit.selectOption(await unit.locator('option', { hasText: /Linpu Customs|临浦海关/ }).first().getAttribute('value'))
  await main.getByRole('button', { name: w.check, exact: true }).click()
  await main.getByRole('button', { name: w.send, exact: true }).waitFor()
  await public_.see('check')
  await main.getByRole('button', { name: w.send, exact: true }).click()
  const code = await main.locator('p.digits').textContent()
  await public_.see('received')
  return [public_, code]
}

// lookUp asks by the code, as somebody does who comes back later.
async function lookUp({ page, main, w, follow, see }, code) {
  await follow(page.getByRole('link', { name: 'Probity' }), 'start')
  await follow(main.getByRole('link', { name: w.lookUp }), 'receipt')
  await main.getByLabel(w.code).fill(code)
  await main.getByRole('button', { name: w.look, exact: true }).click()
  await main.getByRole('button', { name: w.look, exact: true }).waitFor({ state: 'detached' })
  await see('state')
}

// The public: a complaint by its code, and what agencies disclose.
async function publicly(lang) {
  const [public_, code] = await complain(lang)
  const { page, w, follow, link, room, has, done } = public_
  await lookUp(public_, code)
  await has(w.received, 'the state of the complaint is not told')
  await follow(page.getByRole('navigation').getByRole('link', { name: w.disclosures }), 'console')
  await room(w.disclosures)
  await follow(public_.main.getByRole('row').nth(1).getByRole('link').first(), 'disclosure')
  await room(w.home)
  await follow(link(w.reporting), 'back')
  await done()
}

// A complaint from the public to intake, back with a question, answered with a
// file, accepted, handled, concluded.
async function intake() {
  const [public_, code] = await complain('en')
  await lookUp(public_, code)
  const id = (await public_.main.innerText()).match(/P-\w+/)[0]
  const clerk = await person('HG-0011', 'en'), { page, main, link, follow, room, record } = clerk
  await follow(link(id), 'complaint')
  await follow(link('Screen'), 'screen')
  await main.getByLabel('May it be taken up').selectOption({ label: 'yes' })
  await main.getByLabel('Ground').fill('a window of this house')
  await record('screened')
  await main.getByText('Other steps').click()
  await follow(link('Ask the reporter'), 'ask')
  await main.getByLabel('Question').fill('On which days? 哪几天？')
  await record('asked')

  await lookUp(public_, code)
  await public_.has('On which days? 哪几天？', 'the question is not shown')
  const bytes = Buffer.from('受理单 slip of the window\n')
  await public_.main.getByLabel('Your message').fill('Monday, Tuesday and Friday.')
  await public_.main.getByLabel('Add files').setInputFiles([{ name: 'slip 受理单.txt', mimeType: 'text/plain', buffer: bytes }])
  await public_.main.getByRole('button', { name: 'Send the message' }).click()
  await public_.main.getByText('Your message was received').waitFor()
  await public_.see('answered')

  await room('Home')
  await room('Complaints')
  await follow(link(id), 'answer')
  await clerk.has('Monday, Tuesday and Friday.', 'the answer is not shown to intake')
  const [saved] = await Promise.all([page.waitForEvent('download'), main.getByRole('link', { name: /受理单/ }).click()])
  expect(readFileSync(await saved.path()).equals(bytes), 'the file of the reporter is saved with other bytes')
  await follow(link('Accept'), 'accept')
  await record('accepted')
  await follow(link('Assign a handler'), 'assign')
  await main.getByLabel('Handler').fill('HG-0013')
  await record('assigned')

  const handler = await person('HG-0013', 'en')
  await handler.follow(handler.link(id), 'complaint')
  await handler.has('Monday, Tuesday and Friday.', 'the answer is not shown to the handler')
  await handler.follow(handler.link('Conclude'), 'conclude')
  await handler.main.getByLabel('Result').selectOption({ label: 'not substantiated' })
  await handler.main.getByLabel('Opinion').fill('the reasons were given, in writing')
  await handler.record('concluded')
  await handler.follow(handler.link('Answer the reporter'), 'reply')
  await handler.main.getByLabel('Answer').fill('Each time a paper was missing; the slips say which.')
  await handler.record('replied')
  await handler.done()
  await lookUp(public_, code)
  await public_.has('Each time a paper was missing', 'the answer does not reach the public')
  await public_.done()
  await clerk.done()
}

// Two at a time; the inspector's two in their order, for they share a list.
const only = process.env.STORIES?.split(',')
const took = []
async function tell(stories) {
  for (const [name, story] of stories) {
    if (only && !only.includes(name)) continue
    const begun = Date.now()
    await story().catch(e => problems.push(`${name}: ${e.stack}`))
    took.push(`${name} ${((Date.now() - begun) / 1000).toFixed(1)} s`)
  }
}
const began = Date.now()
await Promise.all([
  tell([['inspector', () => inspector('en')], ['inspector zh', () => inspector('zh')], ['leader', leader], ['personnel', personnel], ['overseer', overseer], ['officer', () => officer('en')], ['officer zh', () => officer('zh')], ['public zh', () => publicly('zh')]]),
  tell([['auditor', auditor], ['intake', intake], ['public', () => publicly('en')]]),
])
await close()
console.log(`stories: ${took.join(', ')}`)
if (problems.length) {
  console.error([...new Set(problems)].join('\n'))
  process.exit(1)
}
console.log(`stories: ${seen.pages} pages looked at over ${seen.clicks} clicks in ${((Date.now() - began) / 1000).toFixed(0)} s, nothing serious found by axe, nothing asked of another host`)
