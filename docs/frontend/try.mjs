// Walks the way of the guide against a server: node try.mjs URL TOKEN, the token being an administrator's. Fails at the first step that does not do what the guide says.
import assert from 'node:assert/strict'
import { gql } from '@urql/core'
import WebSocket from 'ws'
import { createSidereal } from './sidereal.mjs'

const [url, administrator] = process.argv.slice(2)
const within = (event) => Promise.race([event, new Promise((_, fail) => setTimeout(() => fail(new Error('nothing comes')), 20_000).unref())])
const sessions = []
const input = { email: `ada-${process.pid}-${Date.now()}@example.com`, password: 'correct horse battery staple', name: 'Ada' }

const first = createSidereal({ url, onSession: (s) => sessions.push(s), webSocket: WebSocket })
assert.equal((await first.signUp(input)).email, input.email)
assert.ok(sessions[0].accessToken && sessions[0].refreshToken)

const Viewer = gql`query Viewer { viewer { email } }`
const viewer = async ({ client }) => {
  const { data, error } = await client.query(Viewer, {}, { requestPolicy: 'network-only' })
  assert.equal(error, undefined)
  return data.viewer
}
assert.equal((await viewer(first)).email, input.email)

const Calculate = gql`
  mutation ($input: BirthInput!) {
    calculateChart(input: $input) { chart { hash birth { placeName } positions(bodies: [SUN]) { formatted } } }
  }
`
const birth = { date: '1990-01-15', time: '10:30', place: { coordinates: { latitude: 40.7128, longitude: -74.006, timeZone: 'America/New_York' } } }
const calculated = await first.client.mutation(Calculate, { input: birth })
assert.equal(calculated.error, undefined)
assert.equal(calculated.data.calculateChart.chart.positions.length, 1)

const Chart = gql`query Chart($hash: ChartHash!) { chart(hash: $hash) { id } }`
const { hash } = calculated.data.calculateChart.chart
for (let i = 0; i < 2; i++) { // the second time the server knows the hash
  const found = await first.client.query(Chart, { hash }, { requestPolicy: 'network-only' })
  assert.equal(found.error, undefined)
  assert.ok(found.data.chart.id)
}

// An error names the input field at fault.
const refused = await first.client.mutation(Calculate, { input: { ...birth, place: { coordinates: { latitude: 91, longitude: 0 } } } })
assert.equal(refused.error.graphQLErrors[0].extensions.code, 'VALIDATION_FAILED')
assert.equal(refused.error.graphQLErrors[0].extensions.field, 'input.place.coordinates.latitude')

// A session whose access token is at its end is renewed once, however many requests there are, and the refresh token rotates.
const renewed = []
const old = { ...sessions[0], accessTokenExpiresAt: new Date(Date.now() + 1000).toISOString() }
const second = createSidereal({ url, session: old, onSession: (s) => renewed.push(s), webSocket: WebSocket })
const answers = await Promise.all([1, 2, 3].map(() => second.client.query(Chart, { hash }, { requestPolicy: 'network-only' })))
assert.ok(answers.every((a) => !a.error))
assert.equal(renewed.length, 1)
assert.notEqual(renewed[0].refreshToken, sessions[0].refreshToken)

// A token that the server refuses is renewed and the request sent again.
const third = createSidereal({ url, session: { ...renewed[0], accessToken: 'nonsense' }, onSession: (s) => renewed.push(s), webSocket: WebSocket })
const again = await third.client.query(Chart, { hash }, { requestPolicy: 'network-only' })
assert.equal(again.error, undefined)
assert.equal(renewed.length, 2)

// A subscription speaks for the same user: what is for administrators is not for Ada.
const event = await within(new Promise((resolve) => third.client.subscription(gql`subscription { operationsSnapshots { at } }`, {}).subscribe(resolve)))
assert.equal(event.error.graphQLErrors[0].extensions.code, 'FORBIDDEN')

// A socket whose token is refused is opened again with a new one.
const fifth = createSidereal({ url, session: { ...renewed[1], accessToken: 'nonsense' }, onSession: (s) => renewed.push(s), webSocket: WebSocket })
const watched = await within(new Promise((resolve) => fifth.client.subscription(gql`subscription { operationsSnapshots { at } }`, {}).subscribe(resolve)))
assert.equal(watched.error.graphQLErrors[0].extensions.code, 'FORBIDDEN')
assert.equal(renewed.length, 3)
assert.equal((await viewer(fifth)).email, input.email)

// A refresh token that was used before ends the session, whoever has its tokens: the user signs in again.
const stale = []
const fourth = createSidereal({ url, session: old, onSession: (s) => stale.push(s), webSocket: WebSocket })
await fourth.client.query(Chart, { hash }, { requestPolicy: 'network-only' })
assert.deepEqual(stale, [null])
const ended = await fifth.client.query(Viewer, {}, { requestPolicy: 'network-only' })
assert.equal(ended.error.graphQLErrors[0].extensions.code, 'UNAUTHENTICATED')
assert.deepEqual(renewed.slice(3), [null])
assert.equal(await viewer(fifth), null)
assert.equal((await fourth.signIn({ email: input.email, password: input.password })).email, input.email)
assert.equal((await viewer(fourth)).email, input.email)

// Who signs out is nobody, and the tokens are refused at once.
const { accessToken, refreshToken } = stale[1]
await fourth.signOut()
assert.deepEqual(stale.slice(2), [null])
assert.equal(await viewer(fourth), null)

const post = async (body, headers) =>
  (await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) })).json()
const refusals = [
  await post({ query: '{ viewer { email } }' }, { Authorization: `Bearer ${accessToken}` }),
  await post({ query: 'mutation ($input: RefreshTokenInput!) { refreshToken(input: $input) { accessToken } }', variables: { input: { refreshToken } } }),
]
for (const { errors } of refusals) assert.equal(errors[0].extensions.code, 'UNAUTHENTICATED')

// A subscription goes on as whoever signs in.
const handed = { accessToken: administrator, accessTokenExpiresAt: new Date(Date.now() + 3600_000).toISOString() }
const sixth = createSidereal({ url, session: handed, webSocket: WebSocket })
let watches
const goesOn = new Promise((resolve) => {
  watches = new Promise((begin) => {
    sixth.client.subscription(gql`subscription { operationsSnapshots(everyMs: 50) { at } }`, {}).subscribe(({ data, error }) => (error ? resolve(error) : begin(data)))
  })
})
assert.ok((await within(watches)).operationsSnapshots.at)
await sixth.signIn({ email: input.email, password: input.password })
assert.equal((await within(goesOn)).graphQLErrors[0].extensions.code, 'FORBIDDEN')

for (const client of [first, second, third, fourth, fifth, sixth]) client.close()
