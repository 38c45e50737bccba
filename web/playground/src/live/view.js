// What the page shows. It writes text only, never markup.
import { ownFields } from './schema.js';

const element = (id) => document.getElementById(id);

const titles = {
  idle: 'Not following',
  connecting: 'Connecting…',
  replaying: 'Catching up',
  live: 'Live',
  waiting: 'Connection lost',
  expired: 'Some events are gone',
  refused: 'A token is needed',
  failed: 'That cannot be followed',
  complete: 'Complete',
};

const details = {
  idle: () => 'Choose what to follow.',
  replaying: ({ way }) => `over ${way}`,
  live: ({ way }) => `over ${way}`,
  waiting: ({ reason, until }) => `${reason} · reconnecting in ${Math.max(0, Math.ceil((until - Date.now()) / 1000))} s`,
  expired: () => 'The stream no longer held what came next; going on from the earliest that it has.',
  refused: ({ reason }) => reason,
  failed: ({ reason }) => reason,
  complete: () => 'That was the last event.',
};

let counting;

// showState shows where a connection stands, and counts down while it waits.
export function showState(report) {
  const detail = () => (element('detail').textContent = details[report.state]?.(report) ?? '');

  clearInterval(counting);
  if (report.state === 'waiting') counting = setInterval(detail, 250);

  element('status').dataset.state = report.state;
  element('state').textContent = titles[report.state];
  element('now').hidden = report.state !== 'waiting';
  detail();
}

// showFollowing shows the button that is of use, and leaves the focus where it was.
export function showFollowing(following) {
  const [shown, other] = following ? ['stop', 'follow'] : ['follow', 'stop'];
  const focused = document.activeElement === element(other);

  element(shown).hidden = false;
  if (focused) element(shown).focus();
  element(other).hidden = true;

  // Where the form is above the events, it makes room for them.
  if (following && matchMedia('(max-width: 52rem)').matches) element('status').scrollIntoView();
}

// showCounts shows the counts of a journal.
export function showCounts(counts) {
  for (const [name, n] of Object.entries(counts)) {
    element(`count-${name}`).textContent = n.toLocaleString('en');
  }

  element('count-repeated').parentElement.classList.toggle('wrong', counts.repeated > 0);
}

let newest; // the newest entry of the list

// showEvents makes the list that of a journal: only what is not there yet is drawn.
export function showEvents({ events }) {
  const list = element('events');
  const known = events.indexOf(newest);
  const fresh = known < 0 ? events : events.slice(0, known);

  if (known < 0) list.replaceChildren();
  list.prepend(...fresh.map((event) => (event.lost ? gap(event) : row(event))));
  while (list.children.length > events.length) list.lastElementChild.remove();

  newest = events[0];
  element('empty').hidden = events.length > 0;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false });

function row(event) {
  const item = make('li', { className: 'event' });

  Object.assign(item.dataset, { id: event.id, cursor: event.cursor, type: event.type, family: event.type.split('_')[0] });

  const time = make('time', { dateTime: event.occurredAt, title: event.occurredAt }, clock.format(new Date(event.occurredAt)));
  const type = make('span', { className: 'type' }, words(event.type));
  const fields = make('dl', { className: 'fields' });

  for (const [name, value] of ownFields(event)) {
    if (value === null) continue;
    fields.append(make('div', {}, make('dt', {}, name), make('dd', {}, plain(value))));
  }

  item.append(time, type, fields);

  return item;
}

function gap({ occurredAt }) {
  const at = clock.format(new Date(occurredAt));

  return make('li', { className: 'gap' }, `${at} · The stream had lost what came before this point. Above it, events go on from the earliest that was left.`);
}

// plain writes a value without quotes and brackets.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain).join(', ');

  return value && typeof value === 'object' ? Object.values(value).map(plain).join(' ') : String(value);
}

// showTypes makes a box for each type of event, in families: those that begin with the same word.
export function showTypes(types, chosen) {
  const families = Map.groupBy(types, ({ name }) => name.split('_')[0]);

  element('type-boxes').replaceChildren(...[...families].map(([family, members]) => boxes(family, members, chosen)));
}

function boxes(family, members, chosen) {
  const common = shared(members.map(({ name }) => words(name).split(' ')));
  const group = make('div', { className: 'family', role: 'group', ariaLabel: common }, make('p', {}, common));

  group.dataset.family = family;

  for (const { name, description } of members) {
    const box = make('input', { type: 'checkbox', name: 'types', value: name, checked: chosen.includes(name), ariaLabel: words(name) });

    group.append(make('label', { title: description ?? '' }, box, make('span', {}, words(name).slice(common.length + 1))));
  }

  return group;
}

// shared returns the words that all begin with, leaving each one of its own.
function shared(lists) {
  const [first, ...others] = lists;
  const most = Math.min(...lists.map((list) => list.length)) - 1;
  let n = 0;

  while (n < most && others.every((list) => list[n] === first[n])) n++;

  return first.slice(0, n).join(' ');
}

// words writes READING_STARTED as "reading started".
function words(name) {
  return name.toLowerCase().replaceAll('_', ' ');
}

function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);

  return made;
}
