// Usage: node verify.mjs SCRIPT < CASES
// Runs console/static/verify.js over cases, and prints what it finds of each.
import { readFileSync } from 'node:fs'

const { check, readKeys, trusting } = await import(process.argv[2])
const out = {}
for (const { name, receipt, held, told, id } of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    const result = await check(receipt, trusting(await readKeys(held), await readKeys(told)), id || null)
    out[name] = { state: result.state, words: result.steps.filter(s => s.state === result.state).map(s => s.word) }
  } catch (e) {
    out[name] = { state: 'error', words: [e.word ?? String(e)] }
  }
}
console.log(JSON.stringify(out))
