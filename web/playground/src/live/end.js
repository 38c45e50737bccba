// End is how a connection ended, and with it what there is to do:
//   blocked   it never opened: another way may be free
//   lost      try again, after `wait` milliseconds where that is given
//   expired   the stream no longer holds what comes behind the cursor: go on from `earliest`
//   refused   the server wants another token
//   failed    trying again would not help
export class End extends Error {
  constructor(kind, message, { wait, earliest } = {}) {
    super(message);
    Object.assign(this, { kind, wait, earliest });
  }
}

const kinds = {
  CURSOR_EXPIRED: 'expired',
  UNAUTHENTICATED: 'refused',
  FORBIDDEN: 'refused',
  RATE_LIMITED: 'lost',
  UPSTREAM_UNAVAILABLE: 'lost',
  TIMEOUT: 'lost',
  INTERNAL: 'lost',
};

// endByErrors reads the errors of GraphQL.
export function endByErrors([{ message, extensions = {} }]) {
  const { code, retryAfterMs: wait, earliest } = extensions;

  return new End(kinds[code] ?? 'failed', message, { wait, earliest });
}

// fatalCodes are the codes of closing after which the same client would be sent away again.
const fatalCodes = [4400, 4401, 4406, 4409, 4429];

// endByClose reads the closing of a WebSocket: 4403 for who may not, 1012 of a server that stops, 1013 of one that has too much to do.
export function endByClose({ code = 1006, reason }) {
  const kind = code === 4403 ? 'refused' : fatalCodes.includes(code) ? 'failed' : 'lost';

  return new End(kind, reason || (code === 1006 ? 'the connection broke' : `the server closed with ${code}`), { wait: code === 1013 ? 5000 : undefined });
}
