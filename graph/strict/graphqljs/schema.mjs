// Compares a schema as clients see it with the schema as it is written: prints where the two differ, nothing when they do not. The answer to the introspection
// query comes from standard input; --query prints that query.
import { readFileSync } from 'node:fs'
import * as g from 'graphql'

const options = { specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true }

if (process.argv[2] === '--query') {
  process.stdout.write(g.getIntrospectionQuery(options))
} else {
  const print = (schema) => g.printSchema(g.lexicographicSortSchema(schema)).split('\n')
  const written = print(withoutInner(g.buildSchema(readFileSync(process.argv[2], 'utf8'))))
  const seen = print(withoutInner(g.buildClientSchema(JSON.parse(readFileSync(0, 'utf8')).data)))

  written.forEach((line, i) => {
    if (line !== seen[i]) process.stdout.write(`written: ${line}\nseen:    ${seen[i]}\n`)
  })
  if (written.length !== seen.length) process.stdout.write(`${written.length} lines are written, ${seen.length} are seen\n`)
}

// withoutInner leaves out what is no business of clients or what the executor adds: directives. Their uses that introspection shows are compared as uses.
function withoutInner(schema) {
  return new g.GraphQLSchema({ ...schema.toConfig(), directives: g.specifiedDirectives })
}
