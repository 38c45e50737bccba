// follow keeps a subscription going, whatever happens to its connections, until it is complete, refused, of no use, or aborted.
import { End, endByErrors } from './end.js';

const quietMs = 500; // what was missed comes at once; this long without an event, and it is over
const steadyMs = 10_000; // a connection that lasted this long was a good one
const firstWaitMs = 500;
const longestWaitMs = 15_000;

// follow uses the ways in their order: the next one is for when one is blocked. Each takes {payload, opened, placed, signal} and yields results: payload() is what to ask
// for, opened(name) says that the connection stands, placed(cursor) where it is in the stream of events before it has had one. Report is told {state, ...} at each
// change; pause waits and may be cut short. Payload is what to ask for, given a cursor.
export async function follow({ ways, payload, journal, report, pause, signal }) {
  let losses = 0;
  let broken = false; // whether a connection was lost that has not been made up for
  let expired = false; // whether the last cursor was

  while (!signal.aborted) {
    report({ state: 'connecting' });

    const attempt = new Attempt(journal, report, {
      opened() {
        if (broken) journal.counts.reconnected++;
        broken = false;
      },
      proven() {
        losses = 0;
        expired = false;
      },
    });

    try {
      await attempt.run(ways, () => payload(journal.cursor), signal);
      if (signal.aborted || journal.over) break;
      throw new End('lost', 'the server ended the subscription');
    } catch (end) {
      if (signal.aborted) break;
      if (!(end instanceof End)) throw end;

      if (end.kind === 'refused' || end.kind === 'failed') return report({ state: end.kind, reason: end.message });

      if (end.kind === 'expired') {
        journal.lose(end.earliest, { lost: true, occurredAt: new Date().toISOString() });
        report({ state: 'expired' });

        if (!expired) {
          expired = true;
          continue;
        }
      }

      const ms = Math.max(end.wait ?? 0, Math.min(firstWaitMs * 2 ** losses++, longestWaitMs) * (0.5 + Math.random() / 2));

      report({ state: 'waiting', reason: end.message, until: Date.now() + ms });
      broken = true;
      await pause(ms);
    } finally {
      attempt.end();
    }
  }

  return report({ state: signal.aborted ? 'idle' : 'complete' });
}

// Attempt is one connection, over one way or the next.
class Attempt {
  constructor(journal, report, tell) {
    Object.assign(this, { journal, report, tell });
  }

  async run(ways, payload, signal) {
    for (const [i, way] of ways.entries()) {
      try {
        for await (const result of way({ payload, signal, opened: (name) => this.opened(name), placed: (cursor) => this.journal.begin(cursor) })) {
          if (signal.aborted) return;
          this.result(result);
        }

        return;
      } catch (end) {
        if (end.kind !== 'blocked' || signal.aborted) throw end;
        if (i === ways.length - 1) throw new End('lost', end.message);
      }
    }
  }

  opened(way) {
    this.way = way;
    this.since = Date.now();
    this.steady = setTimeout(this.tell.proven, steadyMs);
    this.replaying = this.journal.finite || Boolean(this.journal.cursor);
    this.tell.opened();

    if (this.replaying) {
      this.quiet = setTimeout(() => this.live(), quietMs);
      this.report({ state: 'replaying', way });
    } else {
      this.live();
    }
  }

  live() {
    clearTimeout(this.quiet);
    this.replaying = false;
    this.report({ state: 'live', way: this.way });
  }

  result({ data, errors }) {
    const event = data && Object.values(data)[0];
    if (!event) throw endByErrors(errors ?? [{ message: 'the server sent an empty result' }]);

    this.tell.proven();

    if (this.replaying && Date.parse(event.occurredAt) >= this.since) this.live();

    if (this.replaying) {
      clearTimeout(this.quiet);
      this.quiet = setTimeout(() => this.live(), quietMs);
    }

    if (this.journal.take(event)) {
      if (this.replaying) this.journal.counts.replayed++;
      this.report({ event });
    }
  }

  end() {
    clearTimeout(this.quiet);
    clearTimeout(this.steady);
  }
}
