// Run by `go test ./web`: node test/live.test.js
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { End, endByClose, endByErrors } from '../src/live/end.js';
import { follow } from '../src/live/follow.js';
import { Journal } from '../src/live/journal.js';
import { keyOf } from '../src/live/request.js';
import { ownFields, Schema } from '../src/live/schema.js';
import { parser } from '../src/live/sse.js';

// storage is a tab's storage with so much room.
function storage(room = Infinity) {
  const items = {};

  return {
    getItem: (key) => items[key] ?? null,
    setItem(key, value) {
      if (value.length > room) throw new Error('QuotaExceededError');
      items[key] = value;
    },
  };
}

const event = (n, type = 'USER_LOGGED_IN') => ({ id: `id-${n}`, cursor: `c-${n}`, type, occurredAt: new Date(0).toISOString() });
const ids = (journal) => journal.events.map(({ id }) => id ?? 'gap');

test('a stream of events is read alike however it is cut', () => {
  const text = 'event: next\r\ndata: {"a":\r\ndata: 1}\r\n\r\n: still here\n\nid: c-0\n\nretry: 1500\nid: c-1\nevent: next\ndata:x: y\n\nevent: complete\rdata:\r\rdata: unfinished\n';
  const want = [
    { event: 'next', data: '{"a":\n1}', retry: undefined, id: undefined },
    { event: '', data: '', retry: undefined, id: 'c-0' },
    { event: 'next', data: 'x: y', retry: 1500, id: 'c-1' },
    { event: 'complete', data: '', retry: undefined, id: undefined },
  ];

  for (let i = 0; i <= text.length; i++) {
    for (let j = i; j <= text.length; j++) {
      const read = parser();
      const got = [text.slice(0, i), text.slice(i, j), text.slice(j)].flatMap(read);
      assert.deepEqual(got, want, `cut at ${i} and ${j}`);
    }
  }
});

test('ends say what there is to do', () => {
  const kind = (code, more) => endByErrors([{ message: 'm', extensions: { code, ...more } }]);

  assert.deepEqual(
    ['CURSOR_EXPIRED', 'UNAUTHENTICATED', 'FORBIDDEN', 'UPSTREAM_UNAVAILABLE', 'VALIDATION_FAILED', undefined].map((code) => kind(code).kind),
    ['expired', 'refused', 'refused', 'lost', 'failed', 'failed'],
  );
  assert.equal(kind('CURSOR_EXPIRED', { earliest: 'c-9' }).earliest, 'c-9');
  assert.equal(kind('RATE_LIMITED', { retryAfterMs: 700 }).wait, 700);

  assert.deepEqual(
    [4403, 1012, 1013, 1006, 1000, 4400, 4406].map((code) => endByClose({ code }).kind),
    ['refused', 'lost', 'lost', 'lost', 'lost', 'failed', 'failed'],
  );
  assert.equal(endByClose({ code: 4403, reason: 'the token has expired' }).message, 'the token has expired');
  assert.equal(endByClose(new Event('error')).kind, 'lost');
});

test('an event is kept once, and known again by a tab that is loaded anew', () => {
  const tab = storage();
  const before = new Journal(tab, 'k', false);

  assert.deepEqual([before.take(event(1)), before.take(event(2)), before.take(event(1))], [true, true, false]);
  before.save();

  const after = new Journal(tab, 'k', false);

  assert.equal(after.cursor, 'c-1');
  assert.equal(after.take(event(2)), false);
  assert.equal(after.take(event(3)), true);
  assert.deepEqual(ids(after), ['id-3', 'id-2', 'id-1']);
  assert.deepEqual(after.counts, { events: 3, replayed: 0, reconnected: 0, repeated: 2 });
  assert.equal(new Journal(tab, 'another', false).cursor, undefined);
});

test('a journal is bounded, and stores what there is room for', () => {
  const tab = storage(4000);
  const journal = new Journal(tab, 'k', false);

  for (let n = 0; n < 10_050; n++) journal.take(event(n));
  journal.save();

  assert.equal(journal.events.length, 200);
  assert.equal(journal.seen.size, 10_000);

  const stored = new Journal(tab, 'k', false);

  assert.equal(stored.cursor, 'c-10049');
  assert.ok(stored.events.length > 10 && stored.events.length < 200, `${stored.events.length} events`);
  assert.equal(stored.events[0].id, 'id-10049');
  assert.equal(stored.counts.events, 10_050);
});

test('what has an end begins anew behind it', () => {
  const tab = storage();
  const journal = new Journal(tab, 'k', true);

  journal.take(event(1, 'READING_STARTED'));
  assert.equal(journal.over, false);
  journal.take(event(2, 'READING_CANCELLED'));
  assert.equal(journal.over, true);
  journal.save();

  assert.equal(new Journal(tab, 'k', true).cursor, undefined);

  const endless = new Journal(tab, 'l', false);
  endless.take(event(1, 'READING_COMPLETED'));
  assert.equal(endless.over, false);
});

// scripted follows a script: for each attempt what comes, results and then an end. It returns what was asked, reported and kept.
async function scripted(script, { finite = false, ways = 1 } = {}) {
  const journal = new Journal(storage(), 'k', finite);
  const stop = new AbortController();
  const asked = [];
  const reports = [];
  const pauses = [];

  const way = (number) =>
    async function* ({ payload, opened, placed }) {
      const { results = [], end, open = true, place } = script.shift();
      if (open) opened(`way ${number}`);
      if (place) placed(place);
      asked.push(ways > 1 ? `${number} ${payload()}` : payload());
      for (const result of results) yield result.errors ? result : { data: { events: result } };
      if (end === 'stop') stop.abort();
      else if (end) throw end;
    };

  await follow({
    ways: Array.from({ length: ways }, (_, i) => way(i + 1)),
    payload: (after) => after ?? 'now',
    journal,
    report: (told) => told.state && reports.push(told.state),
    pause: (ms) => pauses.push(ms),
    signal: stop.signal,
  });

  return { asked, reports, pauses, ids: ids(journal), counts: journal.counts };
}

const lost = (wait) => new End('lost', 'gone', { wait });

test('a lost connection is made again behind the last event', async () => {
  const got = await scripted([
    { results: [event(1), event(2)], end: lost() },
    { open: false, end: lost() },
    { results: [event(3)] }, // the server ends what has no end
    { results: [event(4)], end: 'stop' },
  ]);

  assert.deepEqual(got.asked, ['now', 'c-2', 'c-2', 'c-3']);
  assert.deepEqual(got.ids, ['id-4', 'id-3', 'id-2', 'id-1']);
  assert.deepEqual(got.counts, { events: 4, replayed: 2, reconnected: 2, repeated: 0 });
  assert.deepEqual(got.reports.filter((state) => state !== 'connecting'), ['live', 'waiting', 'waiting', 'replaying', 'waiting', 'replaying', 'idle']);
});

test('a connection that is lost before its first event is made again where it began', async () => {
  const got = await scripted([
    { place: 'c-0', end: lost() },
    { place: 'c-5', results: [event(3)], end: lost() },
    { place: 'c-6', end: 'stop' },
  ]);

  assert.deepEqual(got.asked, ['c-0', 'c-0', 'c-3']);
  assert.deepEqual(got.reports.filter((state) => state !== 'connecting'), ['live', 'waiting', 'replaying', 'waiting', 'replaying', 'idle']);

  const course = await scripted([{ place: 'c-0', end: lost() }, { place: 'c-5', end: 'stop' }], { finite: true });
  assert.deepEqual(course.asked, ['now', 'now'], 'a reading is told from its start');
});

test('waits grow until an event comes, and are as long as the server asks for', async () => {
  const failing = Array.from({ length: 8 }, () => ({ open: false, end: lost() }));
  const { pauses } = await scripted([...failing, { results: [event(1)], end: lost() }, { open: false, end: lost(60_000) }, { end: 'stop' }]);

  for (const [i, most] of [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 500].entries()) {
    assert.ok(pauses[i] >= most / 2 && pauses[i] <= most, `pause ${i}: ${pauses[i]} ms, want ${most / 2} to ${most}`);
  }

  assert.equal(pauses[9], 60_000);
});

test('an expired cursor is told of, and the earliest one taken', async () => {
  const expired = (earliest) => ({ errors: [{ message: 'gone', extensions: { code: 'CURSOR_EXPIRED', earliest } }] });
  const got = await scripted([
    { results: [event(1)], end: lost() },
    { results: [expired('c-7')] },
    { results: [expired('c-9')] }, // faster than this client: it waits
    { results: [event(10)], end: 'stop' },
  ]);

  assert.deepEqual(got.asked, ['now', 'c-1', 'c-7', 'c-9']);
  assert.deepEqual(got.ids, ['id-10', 'gap', 'gap', 'id-1']);
  assert.equal(got.reports.filter((state) => state === 'expired').length, 2);
  assert.equal(got.pauses.length, 2);
});

test('the next way is for when one is blocked, and the first one is tried again', async () => {
  const blocked = new End('blocked', 'closed');
  const got = await scripted(
    [{ open: false, end: blocked }, { results: [event(1)], end: lost() }, { open: false, end: blocked }, { open: false, end: blocked }, { results: [event(2)], end: 'stop' }],
    { ways: 2 },
  );

  assert.deepEqual(got.asked, ['1 now', '2 now', '1 c-1', '2 c-1', '1 c-1']);
  assert.deepEqual(got.ids, ['id-2', 'id-1']);
});

test('it ends when it is refused, of no use, or complete', async () => {
  for (const [end, state] of [[new End('refused', 'the token has expired'), 'refused'], [new End('failed', 'malformed'), 'failed']]) {
    const { reports, pauses } = await scripted([{ results: [event(1)], end }]);
    assert.deepEqual([reports.at(-1), pauses.length], [state, 0]);
  }

  const { reports, asked } = await scripted([{ results: [event(1, 'READING_STARTED')] }, { results: [event(2, 'READING_COMPLETED')] }], { finite: true });
  assert.equal(reports.at(-1), 'complete');
  assert.deepEqual(asked, ['now', 'c-1'], 'a stream that ends before its last event is not complete');
});

test('a fault of the page is no loss of the connection', async () => {
  await assert.rejects(scripted([{ end: new TypeError('oops') }]), TypeError);
});

test('events are asked for with all their plain fields', () => {
  const named = (kind, name) => ({ kind, name });
  const must = (ofType) => ({ kind: 'NON_NULL', ofType });
  const field = (name, type, args = []) => ({ name, type, args });
  const common = ['id', 'cursor', 'type', 'occurredAt'].map((name) => field(name, must(named('SCALAR', 'ID'))));
  const int = named('SCALAR', 'Int');

  const schema = new Schema([
    { ...named('SCALAR', 'ID'), fields: [] }, // some servers say so, where null is meant
    named('SCALAR', 'Int'),
    { kind: 'INTERFACE', name: 'Event', possibleTypes: [{ name: 'Bare' }, { name: 'One' }, { name: 'Other' }] },
    { kind: 'OBJECT', name: 'Bare', fields: common, interfaces: [] },
    { kind: 'OBJECT', name: 'One', interfaces: [], fields: [...common, field('left', must(int)), field('check', named('OBJECT', 'Check')), field('chart', named('OBJECT', 'Chart')), field('hash', named('SCALAR', 'ID'))] },
    { kind: 'OBJECT', name: 'Other', interfaces: [], fields: [...common, field('left', int), field('sized', int, [{ name: 'size' }])] },
    { kind: 'OBJECT', name: 'Check', interfaces: [], fields: [field('name', int), field('status', must(int))] },
    { kind: 'OBJECT', name: 'Chart', interfaces: [{ name: 'Node' }], fields: [field('hash', int)] },
  ]);

  assert.equal(
    schema.selection('Event'),
    '{ __typename id cursor type occurredAt ... on One { left check { name status } hash } ... on Other { left__1: left } }',
  );
  assert.equal(new Schema([]).selection('Event'), '{ __typename id cursor type occurredAt }');
  assert.deepEqual(ownFields({ ...event(1), __typename: 'Other', left__1: 3 }), [['left', 3]]);
});

test('a journal belongs to a person, whose token may be renewed', () => {
  const token = (claims) => `h.${btoa(JSON.stringify(claims)).replaceAll('+', '-').replaceAll('/', '_')}.s`;
  const key = (text) => keyOf({ what: 'events' }, text);

  assert.equal(key(token({ sub: 'ada', exp: 1 })), key(token({ sub: 'ada', exp: 2 })));
  assert.notEqual(key(token({ sub: 'ada' })), key(token({ sub: 'bob' })));
  assert.notEqual(key(''), key('an-api-key'));
  assert.notEqual(keyOf({ what: 'reading', chart: 'a' }, ''), keyOf({ what: 'reading', chart: 'b' }, ''));
});
