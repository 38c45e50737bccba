import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core'
import { authExchange } from '@urql/exchange-auth'
import { persistedExchange } from '@urql/exchange-persisted'
import { createClient as createSocket } from 'graphql-ws'

const payload = 'accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt viewer { id email }'
const SignUp = gql`mutation SignUp($input: SignUpInput!) { auth: signUp(input: $input) { ${payload} } }`
const SignIn = gql`mutation SignIn($input: SignInInput!) { auth: signIn(input: $input) { ${payload} } }`
const Refresh = gql`mutation Refresh($input: RefreshTokenInput!) { auth: refreshToken(input: $input) { ${payload} } }`
const SignOut = gql`mutation SignOut { signOut { endedSessions } }`

const early = 30_000 // milliseconds before its end at which a token is renewed
const authCode = (error) => error.graphQLErrors.some((e) => e.extensions?.code === 'UNAUTHENTICATED')

/**
 * A client of Sidereal. `url` is that of /graphql; `session` is what an earlier client had, from wherever the page kept it; `onSession` is called with the new
 * session after each sign-in and renewal, and with null when the user has to sign in again. `webSocket` is for where there is no global WebSocket.
 */
export function createSidereal({ url, session = null, onSession = () => {}, webSocket = globalThis.WebSocket }) {
  const keep = (next) => onSession((session = next))
  const endsSoon = () => session !== null && Date.parse(session.accessTokenExpiresAt) - Date.now() < early

  // Sign-in and renewal go through a client without a token. A renewal under way is shared: a refresh token works once, and using it twice ends the session.
  const anonymous = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false })
  let renewal = null
  const renew = () => (renewal ??= renewOnce().finally(() => (renewal = null)))

  async function renewOnce() {
    if (session === null) return
    const { data, error } = await anonymous.mutation(Refresh, { input: { refreshToken: session.refreshToken } })
    if (data) keep(data.auth)
    else if (authCode(error)) keep(null) // anything else may pass: the next request tries again
  }

  async function enter(document, input) {
    const { data, error } = await anonymous.mutation(document, { input })
    if (error) throw error
    become(data.auth)
    return data.auth.viewer
  }

  async function signOut() {
    const { error } = await client.mutation(SignOut, {})
    become(null) // whatever came of it, this page is signed out
    if (error && !authCode(error)) throw error
  }

  // A socket speaks for whoever opened it: its subscriptions go on as the next user, or as nobody, over another.
  function become(next) {
    keep(next)
    socket.terminate()
  }

  const authorize = authExchange(async (utils) => ({
    addAuthToOperation: (operation) =>
      session === null ? operation : utils.appendHeaders(operation, { Authorization: `Bearer ${session.accessToken}` }),
    willAuthError: endsSoon,
    didAuthError: (error) => session !== null && authCode(error),
    refreshAuth: renew,
  }))

  // The token is read at every connect; the server closes a socket whose token it refuses with 4403, and the client connects again with a new one.
  let refused = false
  const socket = createSocket({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: webSocket,
    on: { closed: (event) => (refused = event.code === 4403) },
    connectionParams: async () => {
      if (refused || endsSoon()) await renew()
      return session === null ? {} : { Authorization: `Bearer ${session.accessToken}` }
    },
  })

  const client = new Client({
    url,
    preferGetMethod: false,
    exchanges: [
      authorize,
      persistedExchange({ preferGetForPersistedQueries: true }), // queries by GET with their hash, so that answers can be cached on the way
      fetchExchange,
      subscriptionExchange({ forwardSubscription: (request) => ({ subscribe: (sink) => ({ unsubscribe: socket.subscribe(request, sink) }) }) }),
    ],
  })

  return {
    client,
    signUp: (input) => enter(SignUp, input),
    signIn: (input) => enter(SignIn, input),
    signOut,
    close: () => socket.dispose(),
  }
}
