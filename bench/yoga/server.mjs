// GraphQL Yoga with Sidereal's schema, over ready objects: nothing is computed, the default resolvers only pick properties.
//
//     node server.mjs SCHEMA ANSWERS      SCHEMA is schema.graphqls, ANSWERS a JSON file: what each field of Query gives
//
// It prints the port that it listens on. It is the other side of `go run ./bench/yoga`.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { buildSchema } from 'graphql'
import { createYoga } from 'graphql-yoga'

const [schemaPath, answersPath] = process.argv.slice(2)
const schema = buildSchema(readFileSync(schemaPath, 'utf8'))
const answers = JSON.parse(readFileSync(answersPath, 'utf8'))

for (const [name, field] of Object.entries(schema.getQueryType().getFields())) {
  field.resolve = () => answers[name]
}

const yoga = createYoga({ schema, logging: false, graphiql: false, landingPage: false })
const server = createServer(yoga)

server.listen(0, '127.0.0.1', () => console.log(server.address().port))
