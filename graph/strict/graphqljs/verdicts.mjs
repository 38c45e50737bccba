// Tells what graphql-js makes of requests. Reads a schema from the file that is named, then requests as lines of JSON {document, variables, operationName}
// from standard input, and writes for each a line {stage, errors, variables, arguments}: the stage at which it is refused (syntax, validation, operation,
// variables) or "ok" with the coerced variables and the arguments of its fields as they stand in the document, variables put in.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import * as g from 'graphql'
import { scalars } from './scalars.mjs'

const schema = g.buildSchema(readFileSync(process.argv[2], 'utf8'))
for (const [name, parse] of Object.entries(scalars)) {
  const type = schema.getType(name)
  type.parseValue = parse
  type.parseLiteral = (node) => parse(g.valueFromASTUntyped(node), node)
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(verdict(JSON.parse(line))) + '\n')
}

function verdict({ document: text, variables, operationName }) {
  let document
  try {
    document = g.parse(text)
  } catch (error) {
    return refused('syntax', [error])
  }

  try {
    const invalid = g.validate(schema, document, undefined, { maxErrors: 1 })
    if (invalid.length) return refused('validation', invalid)
  } catch (error) { // a variable in a @skip or @include at the root of a subscription
    return refused('validation', [error])
  }

  const operation = g.getOperationAST(document, operationName || undefined)
  if (!operation) return refused('operation', [])

  const coerced = g.getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {})
  if (coerced.errors) return refused('variables', coerced.errors)

  try {
    return { stage: 'ok', variables: coerced.coerced, arguments: argumentsOf(document, operation, coerced.coerced) }
  } catch (error) { // null by a variable where null must not be, which execution finds
    return refused('variables', [error])
  }
}

function refused(stage, errors) {
  return { stage, errors: errors.map((e) => e.message) }
}

// argumentsOf returns the written arguments of all fields of an operation, in the order of the document, fragments put in once.
function argumentsOf(document, operation, variables) {
  const found = []
  const entered = new Set()
  const visit = (node, parent) => {
    for (const selection of node.selectionSet?.selections ?? []) {
      if (left(selection, variables)) continue
      if (selection.kind === g.Kind.FRAGMENT_SPREAD) {
        if (entered.has(selection.name.value)) continue
        entered.add(selection.name.value)
        const fragment = document.definitions.find((d) => d.kind === g.Kind.FRAGMENT_DEFINITION && d.name.value === selection.name.value)
        visit(fragment, schema.getType(fragment.typeCondition.name.value))
      } else if (selection.kind === g.Kind.INLINE_FRAGMENT) {
        visit(selection, selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : parent)
      } else {
        const field = fieldOf(parent, selection.name.value)
        g.getArgumentValues(field, selection, variables)
        const written = {}
        for (const argument of selection.arguments) {
          const value = plain(argument.value, variables)
          if (value !== undefined) written[argument.name.value] = value
        }
        found.push([selection.alias?.value ?? selection.name.value, written])
        visit(selection, g.getNamedType(field.type))
      }
    }
  }
  visit(operation, schema.getRootType(operation.operation))
  return found
}

function left(selection, variables) {
  const skip = g.getDirectiveValues(g.GraphQLSkipDirective, selection, variables)
  const include = g.getDirectiveValues(g.GraphQLIncludeDirective, selection, variables)
  return skip?.if === true || include?.if === false
}

function fieldOf(parent, name) {
  if (name === '__typename') return g.TypeNameMetaFieldDef
  if (name === '__schema') return g.SchemaMetaFieldDef
  if (name === '__type') return g.TypeMetaFieldDef
  return parent.getFields()[name]
}

// plain is valueFromASTUntyped, but a field whose variable has no value is left out, and an integer is a number however long.
function plain(node, variables) {
  switch (node.kind) {
    case g.Kind.VARIABLE:
      return variables[node.name.value]
    case g.Kind.LIST:
      return node.values.map((v) => plain(v, variables) ?? null)
    case g.Kind.OBJECT:
      return Object.fromEntries(node.fields.map((f) => [f.name.value, plain(f.value, variables)]).filter(([, v]) => v !== undefined))
    default:
      return g.valueFromASTUntyped(node)
  }
}
