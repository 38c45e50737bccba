// Journal is what a tab remembers of what it follows: the newest events, the cursor of the newest one, or of where it began, and counts. Cursor and events are stored
// together, so that a tab that is loaded anew goes on where it was without losing or repeating one.
const shown = 200;
const remembered = 10_000;

export class Journal {
  constructor(storage, key, finite) {
    let stored = JSON.parse(storage.getItem(key) ?? '{}');
    if (stored.over) stored = {}; // the next reading of a chart, or another try of a job, begins anew

    this.cursor = stored.cursor;
    this.finite = finite;
    this.over = false; // whether the newest event is the last one of a reading or a job that was followed
    this.events = stored.events ?? []; // newest first, what the server lost between them included
    this.counts = { events: 0, replayed: 0, reconnected: 0, repeated: 0, ...stored.counts };
    this.seen = new Set(this.events.map(({ id }) => id).reverse());
    this.store = (record) => storage.setItem(key, JSON.stringify(record));
  }

  // save stores as many of the newest events as there is room for.
  save() {
    const { cursor, over, counts } = this;

    for (let n = this.events.length; ; n = Math.floor(n / 2)) {
      try {
        return this.store({ cursor, over, counts, events: this.events.slice(0, n) });
      } catch (full) {
        if (n === 0) throw full;
      }
    }
  }

  // begin is told where the stream is: who has had no event yet comes back to that. A reading or a job is told from its start instead.
  begin(cursor) {
    if (!this.finite) this.cursor ??= cursor;
  }

  // take keeps an event and tells whether it is a new one.
  take(event) {
    this.cursor = event.cursor;
    this.over = this.finite && /_(COMPLETED|FAILED|CANCELLED)$/.test(event.type);

    if (this.seen.has(event.id)) {
      this.counts.repeated++;

      return false;
    }

    this.counts.events++;
    this.seen.add(event.id);
    if (this.seen.size > remembered) this.seen.delete(this.seen.values().next().value);

    this.show(event);

    return true;
  }

  // lose keeps a note that the stream has lost events, and goes on from the earliest that it holds.
  lose(cursor, note) {
    this.cursor = cursor;
    this.show(note);
  }

  show(entry) {
    this.events.unshift(entry);
    this.events.length = Math.min(this.events.length, shown);
  }

  // clear forgets what is shown, not where it was.
  clear() {
    this.events = [];
    Object.keys(this.counts).forEach((name) => (this.counts[name] = 0));
    this.save();
  }
}
