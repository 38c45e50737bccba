import { End } from './end.js';
import { follow } from './follow.js';
import { Journal } from './journal.js';
import { keyOf, payloadFor } from './request.js';
import { learn } from './schema.js';
import { overWebSocket } from './socket.js';
import { overServerSentEvents } from './sse.js';
import { showCounts, showEvents, showFollowing, showState, showTypes } from './view.js';

const path = document.querySelector('meta[name="graphql-path"]').content;
const form = document.getElementById('form');
const settings = 'live:settings'; // in the tab's storage, with the token

const stored = { what: 'events', types: [], chart: '', job: '', token: '', following: false, ...JSON.parse(sessionStorage.getItem(settings) ?? '{}') };

let schema; // once the server has told it
let current; // what is followed: {stop, wake, ended}
let journal;
let turn = Promise.resolve(); // one begins when the one before has ended

// chosen reads the form.
function chosen() {
  const data = new FormData(form);
  const read = (name) => (data.get(name) ?? '').trim();
  const what = read('what');
  const choice = { what, ...(what === 'events' && { types: data.getAll('types') }), ...(what !== 'events' && { [field(what)]: read(field(what)) }) };

  return { choice, token: read('token').replace(/^Bearer\s+/i, '') };
}

function field(what) {
  return what === 'reading' ? 'chart' : 'job';
}

// remember keeps the form for when the tab is loaded anew.
function remember(following) {
  const { choice, token } = chosen();

  sessionStorage.setItem(settings, JSON.stringify({ ...Object.assign(stored, choice), token, following }));
}

// fit shows the fields that belong to what is chosen.
function fit() {
  const { what } = chosen().choice;

  for (const part of form.querySelectorAll('[data-for]')) {
    part.hidden = part.dataset.for !== what || (part.id === 'types' && !schema?.eventTypes.length);
  }
}

// begin follows what the form says, in place of what is followed.
function begin() {
  turn = turn.then(end).then(start);
}

// halt follows nothing any more.
function halt() {
  turn = turn.then(end);
}

async function end() {
  current?.stop.abort();
  current?.wake();
  await current?.ended;
}

function start() {
  const { choice, token } = chosen();

  if (choice.what !== 'events' && !choice[field(choice.what)]) {
    showState({ state: 'failed', reason: 'Say which one.' });
    document.getElementById(field(choice.what)).focus();

    return;
  }

  remember(true);
  journal = new Journal(sessionStorage, keyOf(choice, token), choice.what !== 'events');
  draw();
  showFollowing(true);

  const stop = new AbortController();
  const self = (current = { stop, wake: () => {} });

  self.ended = run(self, choice, token)
    .catch((cause) => {
      console.error(cause);
      showState({ state: 'failed', reason: `This page has a fault: ${cause.message}` });
    })
    .finally(() => {
      draw();
      current = undefined;
      showFollowing(false);
    });
}

async function run(self, choice, token) {
  const { signal } = self.stop;
  const pause = (ms) => pausing(self, ms);

  while (!schema && !signal.aborted) {
    showState({ state: 'connecting' });
    await ask().catch(async (cause) => {
      showState({ state: 'waiting', reason: cause.message, until: Date.now() + 2000 });
      await pause(2000);
    });
  }

  if (signal.aborted) return showState({ state: 'idle' });

  return follow({
    ways: [overWebSocket, overServerSentEvents].map((way) => (options) => way({ path, token, ...options })),
    payload: payloadFor(choice, schema),
    journal,
    report,
    pause,
    signal,
  });
}

// ask asks the server what events there are.
async function ask() {
  schema = await learn(path);
  showTypes(schema.eventTypes, stored.types);
  fit();
}

// report takes what the connection tells.
function report(told) {
  later();
  if (told.event) return;

  showState(told);

  if (told.state === 'refused') {
    document.getElementById('token').focus();
    document.getElementById('token').select();
  }

  if (['refused', 'failed', 'complete'].includes(told.state)) remember(false);
}

// pausing waits, until somebody wakes it, the network is back, or nothing is followed any more.
function pausing(self, ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);

    self.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

let drawing;

// later draws and stores what has come in: at most so often, however much comes.
function later() {
  drawing ??= setTimeout(draw, 40);
}

function draw() {
  clearTimeout(drawing);
  drawing = undefined;
  showEvents(journal);
  showCounts(journal.counts);
  journal.save();
}

form.addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  begin();
});

document.getElementById('stop').addEventListener('click', () => {
  remember(false);
  halt();
});

form.addEventListener('change', ({ target }) => {
  remember(Boolean(current));
  fit();

  if (target.name === 'what') halt();
  if (target.name === 'types' && current) begin();
});

document.getElementById('clear').addEventListener('click', () => {
  journal?.clear();
  if (journal) draw();
});

document.getElementById('now').addEventListener('click', () => current?.wake());
addEventListener('online', () => current?.wake());
addEventListener('pagehide', () => journal?.save());

// The page begins as the tab was left, or as its address says: #reading=HASH, #job=ID.
const [, what, id] = /^#(reading|job)=(.+)$/.exec(location.hash) ?? [];
if (what) Object.assign(stored, { what, [field(what)]: decodeURIComponent(id), following: true });

form.elements.what.value = stored.what;
for (const name of ['chart', 'job', 'token']) form.elements[name].value = stored[name];
fit();

ask()
  .catch((cause) => {
    if (!(cause instanceof End)) throw cause; // what is followed asks again
  })
  .finally(() => stored.following && begin());
