// GraphQL over server-sent events (the distinct connections mode of graphql-sse), by fetch: EventSource can send no token.
import { End, endByErrors } from './end.js';

const silentForMs = 45_000; // the server says something every 15 s

// overServerSentEvents yields the results of a subscription until it is complete. What ends it otherwise is an End.
export async function* overServerSentEvents({ path, token, payload, opened, placed, signal }) {
  const reach = new AbortController();
  const stop = () => reach.abort();
  let timer = setTimeout(stop, silentForMs);
  let wait; // what the server asks for

  signal.addEventListener('abort', stop);

  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(payload()),
      cache: 'no-store',
      signal: reach.signal,
    }).catch(() => {
      throw new End('blocked', 'the server cannot be reached');
    });

    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) throw await refusal(response);

    opened('server-sent events');

    const read = parser();

    for await (const text of texts(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(stop, silentForMs);

      for (const { event, data, retry, id } of read(text)) {
        wait = retry ?? wait;
        if (id && !event) placed(id);
        if (event === 'complete') return;
        if (event === 'next') yield JSON.parse(data);
      }
    }

    throw new End('lost', 'the server ended the stream', { wait });
  } catch (cause) {
    throw cause instanceof End ? cause : new End('lost', 'the connection broke', { wait });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    reach.abort();
  }
}

// refusal reads an answer that is no stream.
async function refusal(response) {
  const { errors } = await response.json().catch(() => ({}));
  const seconds = Number(response.headers.get('retry-after'));
  const end = errors?.length ? endByErrors(errors) : new End('failed', `the server answered ${response.status}`);

  if (response.status === 429 || response.status >= 500) end.kind = 'lost';
  if (seconds > 0) end.wait ??= seconds * 1000;

  return end;
}

async function* texts(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();

  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

// parser returns a function that takes a stream piece by piece, and returns the events that are whole with it (HTML Living Standard, 9.2.6).
export function parser() {
  let rest = '';
  let event = '';
  let data = [];
  let retry;
  let id;

  return (text) => {
    const events = [];
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/); // a CR at the end may be half of a CRLF

    rest = lines.pop();

    for (const line of lines) {
      const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);

      if (field === 'event') event = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id') id = value;
      else if (field === 'retry' && /^\d+$/.test(value)) retry = Number(value);
      else if (line === '') {
        if (event || data.length || retry !== undefined || id !== undefined) events.push({ event, data: data.join('\n'), retry, id });
        event = '';
        data = [];
        retry = undefined;
        id = undefined;
      }
    }

    return events;
  };
}
