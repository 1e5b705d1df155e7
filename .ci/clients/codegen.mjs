// Usage: node codegen.mjs SCHEMA DOCUMENTS OUT
// Has graphql-codegen write types and typed documents for a folder of
// documents, and the manifest of persisted documents.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codegen } from '@graphql-codegen/core'
import { preset } from '@graphql-codegen/client-preset'
import { buildASTSchema, parse, validate } from 'graphql'

const [schemaFile, folder, out] = process.argv.slice(2)
const schema = parse(readFileSync(schemaFile, 'utf8'))
const schemaAst = buildASTSchema(schema)
const documents = readdirSync(folder).filter(name => name.endsWith('.graphql')).map(name => {
  const rawSDL = readFileSync(join(folder, name), 'utf8')
  const document = parse(rawSDL)
  const wrong = validate(schemaAst, document)
  if (wrong.length) throw new Error(`${name}: ${wrong[0].message}`)
  return { location: join(folder, name), rawSDL, document }
})
const sections = await preset.buildGeneratesSection({
  baseOutputDir: out + '/', schema, schemaAst, documents, plugins: [], pluginMap: {},
  config: {
    scalars: { Date: 'string', DateTime: 'string', Long: { input: 'string | number', output: 'string' }, JSON: 'unknown' },
    strictScalars: true, useTypeImports: true, enumsAsTypes: true, importExtension: '.js',
  },
  presetConfig: { fragmentMasking: false, persistedDocuments: { mode: 'embedHashInDocument', hashAlgorithm: 'sha256' } },
})
await Promise.all(sections.map(async section => {
  const text = await codegen({ ...section, schemaAst })
  mkdirSync(dirname(section.filename), { recursive: true })
  writeFileSync(section.filename, text)
}))
console.log(`graphql-codegen: types for ${documents.length} documents`)
