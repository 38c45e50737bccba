// GraphQL over a WebSocket (graphql-transport-ws), one connection for one subscription.
import { createClient } from 'graphql-ws';

import { End, endByClose, endByErrors } from './end.js';

const openWithinMs = 8000; // after a few failures browsers wait up to 5 s before they try again
const pingEveryMs = 10_000;
const pongWithinMs = 5000;

// overWebSocket yields the results of a subscription until it is complete. What ends it otherwise is an End.
export async function* overWebSocket({ path, token, payload, opened, placed, signal }) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace('http', 'ws');

  let open = false;
  let timer;

  const client = createClient({
    url: url.href,
    connectionParams: token ? { Authorization: `Bearer ${token}` } : undefined,
    connectionAckWaitTimeout: openWithinMs,
    keepAlive: pingEveryMs,
    retryAttempts: 0, // what to ask for changes with each attempt
    on: {
      opened() {
        open = true;
        clearTimeout(timer);
      },
      connected(_, acknowledged) {
        opened('WebSocket');
        placed(acknowledged?.cursor);
      },
      ping(received) {
        if (!received) timer = setTimeout(() => client.terminate(), pongWithinMs);
      },
      pong(received) {
        if (received) clearTimeout(timer);
      },
    },
  });

  // The variables are read when the connection stands, and its place is known.
  const results = client.iterate({
    query: payload().query,
    get variables() {
      return payload().variables;
    },
  });
  const stop = () => (open ? results.return() : client.terminate());

  timer = setTimeout(() => client.terminate(), openWithinMs);
  signal.addEventListener('abort', stop);

  try {
    yield* results;
  } catch (cause) {
    if (Array.isArray(cause)) throw endByErrors(cause);
    if (!open) throw new End('blocked', 'the WebSocket did not open');
    throw endByClose(cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    client.dispose();
  }
}
