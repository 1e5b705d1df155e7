// Usage: node breaking.mjs OLD NEW CHANGES
// Names what in the new schema breaks clients of the old one. Fails on each
// change that the file of changes does not name in the same words.
import { readFileSync } from 'node:fs'
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql'

const [before, after, changes] = process.argv.slice(2)
const [old, now] = [before, after].map(file => buildSchema(readFileSync(file, 'utf8')))
const named = readFileSync(changes, 'utf8')
let unnamed = 0
for (const { type, description } of findBreakingChanges(old, now)) {
  const told = named.includes(description)
  console.log(`breaking: ${description} (${type})${told ? '' : '; not named in docs/graphql-breaking.md'}`)
  if (!told) unnamed++
}
for (const { description } of findDangerousChanges(old, now)) console.log(`dangerous: ${description}`)
process.exit(unnamed ? 1 : 0)
