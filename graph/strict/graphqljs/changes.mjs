// Compares a schema with the last released one: node changes.mjs RELEASED CURRENT. Lists what would break clients on standard error and fails when there is any.
// With --accept NOTE CHANGES behind, the current schema becomes the released one, and what changed goes into the file CHANGES under the note.
import { readFileSync, writeFileSync } from 'node:fs'
import { DangerousChangeType, buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql'

const [released, current, option, note, file] = process.argv.slice(2)
const [from, to] = [released, current].map((path) => buildSchema(readFileSync(path, 'utf8')))

const breaking = findBreakingChanges(from, to)
const dangerous = findDangerousChanges(from, to)
// Another default changes what old requests mean; the other dangerous changes are what clients have to expect.
breaking.push(...dangerous.filter((c) => c.type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE))

if (option === '--accept') {
  if (!note?.trim()) {
    console.error('a note is needed that says why: make release-schema NOTE="…"')
    process.exit(2)
  }
  const lines = breaking.map((c) => `- ${c.description}`)
  const [head, ...entries] = readFileSync(file, 'utf8').split(/^(?=## )/m)
  const entry = `## ${note.trim()}\n\n${lines.length ? lines.join('\n') : 'Nothing that breaks a client.'}\n\n`
  writeFileSync(file, (head + [entry, ...entries].join('')).trimEnd() + '\n')
  writeFileSync(released, readFileSync(current))
} else if (breaking.length) {
  for (const c of breaking) console.error(`${c.type}: ${c.description}`)
  console.error('these break clients: take them back, or accept them with make release-schema NOTE="why"')
  process.exit(1)
}
