import { getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-ws';

// createFetcher returns GraphiQL's fetcher: queries and mutations go to path by POST, subscriptions over graphql-transport-ws.
export function createFetcher(path) {
  return (given, options) => {
    const { params, operation } = chosen(given);

    return operation === 'subscription' ? subscribe(path, params, options?.headers) : post(path, params, options?.headers);
  };
}

// chosen finds the operation that is to run. Just after a change of tabs GraphiQL still names that of the tab before; then the name is dropped.
function chosen({ operationName, ...params }) {
  const document = parse(params.query);
  const named = operationName && getOperationAST(document, operationName);

  return named
    ? { params: { ...params, operationName }, operation: named.operation }
    : { params, operation: getOperationAST(document)?.operation };
}

async function post(path, params, headers) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json', ...headers },
    body: JSON.stringify(params),
  });

  return response.json();
}

// subscribe opens a connection of its own, whose connection_init carries the headers as they stand in the editor.
async function* subscribe(path, params, headers) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace('http', 'ws');

  const client = createClient({ url: url.href, connectionParams: headers, retryAttempts: 0 });

  try {
    yield* client.iterate(params);
  } catch (error) {
    yield { errors: readable(error) };
  } finally {
    client.dispose();
  }
}

// readable turns what ends a subscription into GraphQL errors: they are such already, or it is the closing of the socket.
function readable(error) {
  if (Array.isArray(error)) {
    return error;
  }

  if ('code' in error && 'reason' in error) {
    return [{ message: `The connection was closed: ${error.code} ${error.reason || '(no reason given)'}` }];
  }

  return [{ message: error.message || 'The connection failed.' }];
}
