// The schema's own scalars, as far as their forms go: enough to tell right from wrong where the requests of the tests do.
const fail = (value) => {
  throw new TypeError(`wrong form: ${JSON.stringify(value)}`)
}

const form = (pattern, more = () => true) => (value, node) =>
  typeof value === 'string' && (!node || node.kind === 'StringValue') && pattern.test(value) && more(value) ? value : fail(value)

const isDate = (text) => {
  const date = new Date(text.slice(0, 10) + 'T00:00:00Z')
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10))
}

export const scalars = {
  Date: form(/^\d{4}-\d\d-\d\d$/, isDate),
  LocalTime: form(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/),
  DateTime: form(/^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/, isDate),
  ChartHash: form(/^[0-9a-f]{64}$/),
  Cursor: form(/^/),
}
