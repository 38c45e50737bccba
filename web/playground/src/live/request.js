// payloadFor returns what to ask the server for, given a cursor. A choice is {what: events, types}, {what: reading, chart} or {what: job, job}.
export function payloadFor(choice, schema) {
  const { operation, root, on, variables } = requests[choice.what](choice);

  const query = `subscription ${operation} { ${root} ${schema.selection(on)} }`;

  return (after) => ({ query, variables: { ...variables, after } });
}

const requests = {
  events: ({ types }) => ({
    operation: 'Live($types: [EventType!], $after: Cursor)',
    root: 'events(types: $types, after: $after)',
    on: 'Event',
    variables: { types: types.length ? types : undefined },
  }),
  reading: ({ chart }) => ({
    operation: 'LiveReading($chart: ChartHash!, $after: Cursor)',
    root: 'readingEvents(chartHash: $chart, after: $after)',
    on: 'ReadingEvent',
    variables: { chart },
  }),
  job: ({ job }) => ({
    operation: 'LiveJob($job: ID!, $after: Cursor)',
    root: 'batchEvents(jobId: $job, after: $after)',
    on: 'BatchEvent',
    variables: { job },
  }),
};

// keyOf returns the name under which a journal is kept: of whom and of what. What types are chosen does not matter, since a cursor is a place in the one stream of events.
export function keyOf(choice, token) {
  return `live:journal:${[choice.what, choice.chart ?? choice.job ?? '', holder(token)].join(':')}`;
}

// holder returns whose token it is, so that a renewed one goes on where the last one was.
function holder(token) {
  try {
    return JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))).sub;
  } catch {
    return token; // an API key, or none
  }
}
