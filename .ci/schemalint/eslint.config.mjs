// The rules that schema.graphqls keeps, by the schema linter @graphql-eslint.
import graphql from '@graphql-eslint/eslint-plugin'

const document = process.env.SCHEMA

export default [
  {
    files: ['**/*.graphqls'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@graphql-eslint': graphql },
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: document } } },
    rules: {
      // Relay's server specification.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      '@graphql-eslint/relay-connection-types': 'error',
      '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false }],
      '@graphql-eslint/relay-page-info': 'error',

      // Documentation and deprecation.
      '@graphql-eslint/require-description': ['error', {
        types: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true, DirectiveDefinition: true,
      }],
      '@graphql-eslint/no-hashtag-description': 'error',
      '@graphql-eslint/require-deprecation-reason': 'error',

      // Mutations take one argument, input; a failure may leave no result of a mutation, so that the others in the document still answer.
      '@graphql-eslint/input-name': ['error', { checkInputType: false, checkQueries: false, checkMutations: true }],
      '@graphql-eslint/no-scalar-result-type-on-mutation': 'error',

      // Names.
      '@graphql-eslint/naming-convention': ['error', {
        types: { style: 'PascalCase', ignorePattern: '^SVG$' },
        FieldDefinition: 'camelCase',
        InputValueDefinition: 'camelCase',
        DirectiveDefinition: 'camelCase',
        EnumValueDefinition: 'UPPER_CASE',
        InputObjectTypeDefinition: { style: 'PascalCase', requiredPattern: /(Input|Filter|Order)$/ },
        'FieldDefinition[parent.name.value=Query]': { forbiddenPrefixes: ['query', 'get', 'list'], forbiddenSuffixes: ['Query'] },
        'FieldDefinition[parent.name.value=Mutation]': { forbiddenPrefixes: ['mutation'], forbiddenSuffixes: ['Mutation'] },
        'FieldDefinition[parent.name.value=Subscription]': { forbiddenPrefixes: ['subscription'], forbiddenSuffixes: ['Subscription'] },
      }],
      '@graphql-eslint/no-typename-prefix': 'error',
      '@graphql-eslint/unique-enum-value-names': 'error',

      // Types.
      '@graphql-eslint/no-unreachable-types': 'error',
      '@graphql-eslint/require-nullable-fields-with-oneof': 'error',
    },
  },
]
