// GraphQL Yoga's execution behind graphql-ws, with Sidereal's schema and Yoga's own pub/sub: the recipe of both projects' documentation.
//
//     node server.mjs SCHEMA      SCHEMA is schema.graphqls
//
// It prints the port that it listens on. What is posted to /publish, an event as JSON, every subscriber of `events` gets. It is one side of `go run ./bench/fanout`.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { buildSchema } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { createPubSub, createYoga } from 'graphql-yoga'
import { WebSocketServer } from 'ws'

const schema = buildSchema(readFileSync(process.argv[2], 'utf8'))
const pubSub = createPubSub()

const { events } = schema.getSubscriptionType().getFields()
events.subscribe = () => pubSub.subscribe('events')
events.resolve = (event) => event

const yoga = createYoga({ schema, logging: false, graphiql: false, landingPage: false })

const server = createServer(async (request, response) => {
  if (request.url !== '/publish') return yoga(request, response)

  const chunks = []
  for await (const chunk of request) chunks.push(chunk)

  pubSub.publish('events', JSON.parse(Buffer.concat(chunks).toString()))
  response.writeHead(204).end()
})

useServer(
  {
    execute: (args) => args.rootValue.execute(args),
    subscribe: (args) => args.rootValue.subscribe(args),
    onSubscribe: async (context, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        params,
      })

      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      }

      const errors = validate(args.schema, args.document)
      return errors.length > 0 ? errors : args
    },
  },
  new WebSocketServer({ server, path: yoga.graphqlEndpoint }),
)

server.listen(0, '127.0.0.1', 4096, () => console.log(server.address().port))
