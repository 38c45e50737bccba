package main

import "slices"

// access is an entry of the table: who may read a field, and for root fields a document that reads it. Documents use the variables of world.variables.
type access struct {
	field    string // "Query.chart"; below the roots also "Place.*", which stands for all fields of a type that have no entry of their own
	of       string // of Query.node and Query.nodes: the type that is asked for
	below    string // what the entry is about, if it is not the root field itself but lies below it: "apiKeys", "nodes.0.apiKeys"
	may      policy
	document string
	without  verdict // what those get who may, where the test's server has not what the field needs; allowed when left out
}

// owned are the types whose objects belong to somebody. Each of their fields, and of the types that hold them, has an entry of its own and is read by a document.
var owned = []string{"SavedChart", "User", "Session", "ApiKey"}

// What documents read of what belongs to somebody.
const (
	savedChart    = "{ id label note savedAt chart { hash } }"
	userFields    = "{ id email name role createdAt }"
	sessionFields = "{ id createdAt lastUsedAt expiresAt address current }"
	keyFields     = "{ id name prefix scopes createdAt expiresAt lastUsedAt }"
	keyPage       = "{ totalCount pageInfo { endCursor } edges { cursor node " + keyFields + " } nodes " + keyFields + " }"
	authFields    = "{ accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt viewer " + userFields + " }"
)

// accessTable has an entry for every field of the schema.
var accessTable = append([]access{
	{field: "Query.node", of: "Chart", may: everybody, document: "query($chart: ID!) { node(id: $chart) { id ... on Chart { hash } } }"},
	{field: "Query.node", of: "Place", may: everybody, document: "query($place: ID!) { node(id: $place) { id ... on Place { name } } }"},
	{field: "Query.node", of: "FamousPerson", may: everybody, document: "query($person: ID!) { node(id: $person) { id ... on FamousPerson { name } } }"},
	{field: "Query.node", of: "Reading", may: everybody, document: "query($reading: ID!) { node(id: $reading) { id ... on Reading { status } } }"},
	{field: "Query.node", of: "SavedChart", may: findingOne, document: "query($saved: ID!) { node(id: $saved) { id ... on SavedChart " + savedChart + " } }"},
	{field: "Query.node", of: "User", may: findingAccount, document: "query($user: ID!) { node(id: $user) { id ... on User " + userFields + " } }"},
	{field: "Query.node", of: "User", below: "apiKeys", may: belowAccount, document: "query($user: ID!) { node(id: $user) { ... on User { apiKeys " + keyPage + " } } }"},
	{field: "Query.node", of: "User", below: "sessions", may: belowAccount, document: "query($user: ID!) { node(id: $user) { ... on User { sessions " + sessionFields + " } } }"},
	{field: "Query.node", of: "Session", may: findingManaged, document: "query($session: ID!) { node(id: $session) { id ... on Session " + sessionFields + " } }"},
	{field: "Query.node", of: "ApiKey", may: findingManaged, document: "query($key: ID!) { node(id: $key) { id ... on ApiKey " + keyFields + " } }"},
	{field: "Query.nodes", of: "Chart", may: everybody, document: "query($chart: ID!) { nodes(ids: [$chart]) { id ... on Chart { hash } } }"},
	{field: "Query.nodes", of: "Place", may: everybody, document: "query($place: ID!) { nodes(ids: [$place]) { id ... on Place { name } } }"},
	{field: "Query.nodes", of: "FamousPerson", may: everybody, document: "query($person: ID!) { nodes(ids: [$person]) { id ... on FamousPerson { name } } }"},
	{field: "Query.nodes", of: "Reading", may: everybody, document: "query($reading: ID!) { nodes(ids: [$reading]) { id ... on Reading { status } } }"},
	{field: "Query.nodes", of: "SavedChart", may: findingOne, document: "query($saved: ID!) { nodes(ids: [$saved]) { id ... on SavedChart " + savedChart + " } }"},
	{field: "Query.nodes", of: "User", may: findingAccount, document: "query($user: ID!) { nodes(ids: [$user]) { id ... on User " + userFields + " } }"},
	{field: "Query.nodes", of: "User", below: "0.apiKeys", may: belowAccount, document: "query($user: ID!) { nodes(ids: [$user]) { ... on User { apiKeys " + keyPage + " } } }"},
	{field: "Query.nodes", of: "User", below: "0.sessions", may: belowAccount, document: "query($user: ID!) { nodes(ids: [$user]) { ... on User { sessions " + sessionFields + " } } }"},
	{field: "Query.nodes", of: "Session", may: findingManaged, document: "query($session: ID!) { nodes(ids: [$session]) { id ... on Session " + sessionFields + " } }"},
	{field: "Query.nodes", of: "ApiKey", may: findingManaged, document: "query($key: ID!) { nodes(ids: [$key]) { id ... on ApiKey " + keyFields + " } }"},
	{field: "Query.chart", may: everybody, document: "query($hash: ChartHash!) { chart(hash: $hash) { id } }"},
	{field: "Query.charts", may: administrators, document: "{ charts { totalCount nodes { hash } } }"},
	{field: "Query.explainDifference", may: everybody, document: "query($hash: ChartHash!) { explainDifference(input: {chartHash: $hash, moon: {longitude: 7}}) { agrees } }"},
	{field: "Query.synastry", may: everybody, document: "query($hash: ChartHash!) { synastry(a: $hash, b: $hash) { score { value } } }"},
	{field: "Query.composite", may: everybody, document: "query($hash: ChartHash!) { composite(a: $hash, b: $hash) { notes } }"},
	{field: "Query.davison", may: everybody, document: "query($hash: ChartHash!) { davison(a: $hash, b: $hash) { hash } }"},
	{field: "Query.places", may: everybody, document: `{ places(search: "Ulm") { name } }`},
	{field: "Query.nearestPlace", may: everybody, document: "{ nearestPlace(latitude: 48, longitude: 10) { place { name } } }"},
	{field: "Query.timeZoneAt", may: everybody, document: "{ timeZoneAt(latitude: 48, longitude: 10) { timeZone } }"},
	{field: "Query.geocode", may: everybody, document: `{ geocode(search: "Ulm") { name } }`, without: "UPSTREAM_UNAVAILABLE"},
	{field: "Query.famousPeople", may: everybody, document: "{ famousPeople { nodes { name } } }"},
	{
		field: "Query.savedCharts", may: readingOwn,
		document: "{ savedCharts { totalCount pageInfo { endCursor } edges { cursor node " + savedChart + " } nodes " + savedChart + " } }",
	},
	{field: "Query.reading", may: everybody, document: "query($reading: ID!) { reading(id: $reading) { status chart { hash } sections { text } } }"},
	{field: "Query.readings", may: readingOwn, document: "{ readings { totalCount nodes { status options { kind } } } }"},
	{field: "Query.viewer", may: viewing, document: "{ viewer " + userFields + " }"},
	{field: "Query.viewer", below: "apiKeys", may: viewingManaged, document: "{ viewer { apiKeys " + keyPage + " } }"},
	{field: "Query.viewer", below: "sessions", may: viewingManaged, document: "{ viewer { sessions " + sessionFields + " } }"},
	{field: "Query.operations", may: administrators, document: "{ operations { connections { webSockets deliveryLatency { p99Ms } } } }"},
	{field: "Query.users", may: listing, document: "{ users { pageInfo { endCursor } edges { cursor node " + userFields + " } nodes " + userFields + " } }"},
	{
		field: "Query.users", below: "nodes.0.apiKeys", may: belowListing,
		document: "query($email: String!) { users(search: $email) { nodes { apiKeys " + keyPage + " } } }",
	},
	{
		field: "Query.users", below: "nodes.0.sessions", may: belowListing,
		document: "query($email: String!) { users(search: $email) { nodes { sessions " + sessionFields + " } } }",
	},

	{field: "Mutation.calculateChart", may: everybody, document: "mutation($birth: BirthInput!) { calculateChart(input: $birth) { created chart { hash } } }"},
	{
		field: "Mutation.saveChart", may: changingOwn,
		document: "mutation($hash: ChartHash!, $label: String!) { saveChart(input: {chartHash: $hash, label: $label}) { created savedChart " + savedChart + " } }",
	},
	{
		field: "Mutation.updateSavedChart", may: changingOne,
		document: "mutation($saved: ID!, $label: String!) { updateSavedChart(input: {id: $saved, label: $label}) { savedChart " + savedChart + " } }",
	},
	{field: "Mutation.deleteSavedChart", may: changingOne, document: "mutation($saved: ID!) { deleteSavedChart(input: {id: $saved}) { deletedId } }"},
	{
		field: "Mutation.requestReading", may: asking,
		document: "mutation($hash: ChartHash!) { requestReading(input: {chartHash: $hash, detail: BRIEF}) { created reading { id status } } }",
	},
	{field: "Mutation.cancelReading", may: asking, document: "mutation($reading: ID!) { cancelReading(input: {id: $reading}) { cancelled reading { id status } } }"},
	{
		field: "Mutation.signUp", may: signingIn,
		document: "mutation($free: String!, $password: String!) { signUp(input: {email: $free, password: $password}) " + authFields + " }",
	},
	{
		field: "Mutation.signIn", may: signingIn,
		document: "mutation($guest: String!, $password: String!) { signIn(input: {email: $guest, password: $password}) " + authFields + " }",
	},
	{field: "Mutation.refreshToken", may: signingIn, document: "mutation($refresh: String!) { refreshToken(input: {refreshToken: $refresh}) " + authFields + " }"},
	{field: "Mutation.signOut", may: managingOwn, document: "mutation { signOut { endedSessions } }"},
	{
		field: "Mutation.changePassword", may: managingOwn,
		document: "mutation($password: String!) { changePassword(input: {currentPassword: $password, newPassword: $password}) { viewer " + userFields + " } }",
	},
	{
		field: "Mutation.createApiKey", may: managingOwn,
		document: "mutation($label: String!) { createApiKey(input: {name: $label, scopes: [READ]}) { secret apiKey " + keyFields + " } }",
	},
	{field: "Mutation.revokeApiKey", may: managingOne, document: "mutation($key: ID!) { revokeApiKey(input: {id: $key}) { apiKey " + keyFields + " } }"},
	{field: "Mutation.setUserRole", may: appointing, document: "mutation($user: ID!) { setUserRole(input: {userId: $user, role: USER}) { user " + userFields + " } }"},

	{
		field: "Mutation.publishSystemNotice", may: announcing,
		document: `mutation { publishSystemNotice(input: {message: "Back at noon."}) { eventId } }`,
	},
	{
		field: "Mutation.setBreaker", may: announcing, without: "VALIDATION_FAILED",
		document: `mutation { setBreaker(input: {name: "geocoder", mode: AUTO}) { breaker { name } } }`,
	},

	{
		field: "Subscription.events", may: hearing,
		document: "subscription($after: Cursor!) { events(types: [BATCH_JOB_FAILED], after: $after) { id cursor type occurredAt ... on BatchJobFailed { reason } } }",
	},
	{
		field: "Subscription.readingEvents", may: everybody,
		document: "subscription($hash: ChartHash!, $after: Cursor!) { readingEvents(chartHash: $hash, after: $after) { chartHash readingId ... on ReadingFailed { reason } } }",
	},
	{
		field: "Subscription.batchEvents", may: hearing,
		document: "subscription($job: ID!, $after: Cursor!) { batchEvents(jobId: $job, after: $after) { jobId ... on BatchJobFailed { reason } } }",
	},
	{field: "Subscription.operationsSnapshots", may: administrators, document: "subscription { operationsSnapshots(everyMs: 60000) { at } }"},

	{field: "ChartConnection.*", may: administrators},
	{field: "ChartEdge.*", may: administrators},
	{field: "OperationsSnapshot.*", may: administrators},
	{field: "Operations.*", may: administrators},
	{field: "ConnectionFigures.*", may: administrators},
	{field: "SubscriptionCount.*", may: administrators},
	{field: "LatencyFigures.*", may: administrators},
	{field: "LatencyBucket.*", may: administrators},
	{field: "SystemNoticePayload.*", may: announcing},
	{field: "Breaker.*", may: administrators},
	{field: "BreakerFailure.*", may: administrators},
	{field: "SetBreakerPayload.*", may: announcing},

	{field: "UserRegistered.*", may: hearing},
	{field: "UserLoggedIn.*", may: hearing},
	{field: "ChartCalculated.*", may: hearing},
	{field: "ReadingStarted.*", may: everybody},
	{field: "ReadingSectionStarted.*", may: everybody},
	{field: "ReadingText.*", may: everybody},
	{field: "ReadingSectionReady.*", may: everybody},
	{field: "ReadingProgress.*", may: everybody},
	{field: "ReadingCompleted.*", may: everybody},
	{field: "ReadingFailed.*", may: everybody},
	{field: "ReadingCancelled.*", may: everybody},
	{field: "BatchJobStarted.*", may: hearing},
	{field: "BatchJobProgress.*", may: hearing},
	{field: "BatchJobCompleted.*", may: hearing},
	{field: "BatchJobFailed.*", may: hearing},
	{field: "SystemHealthCheck.*", may: administrators},
	{field: "HealthCheck.*", may: administrators},
	{field: "SystemBreakerSet.*", may: administrators},
	{field: "SystemWarning.*", may: hearing},
	{field: "SystemError.*", may: hearing},

	{field: "RequestReadingPayload.*", may: asking},
	{field: "CancelReadingPayload.*", may: asking},

	{field: "SignOutPayload.*", may: managingOwn},
	{field: "DeleteSavedChartPayload.*", may: changingOne},
}, slices.Concat(
	fields("SavedChart", findingOne, "id", "label", "note", "chart", "savedAt"),
	fields("SavedChartConnection", readingOwn, "edges", "nodes", "pageInfo", "totalCount"),
	fields("SavedChartEdge", readingOwn, "cursor", "node"),
	fields("SaveChartPayload", changingOwn, "savedChart", "created"),
	fields("UpdateSavedChartPayload", changingOne, "savedChart"),
	fields("User", findingAccount, "id", "email", "name", "role", "createdAt"),
	fields("User", belowAccount, "apiKeys", "sessions"),
	fields("UserConnection", listing, "edges", "nodes", "pageInfo"),
	fields("UserEdge", listing, "cursor", "node"),
	fields("Session", findingManaged, "id", "createdAt", "lastUsedAt", "expiresAt", "address", "current"),
	fields("ApiKey", findingManaged, "id", "name", "prefix", "scopes", "createdAt", "expiresAt", "lastUsedAt"),
	fields("ApiKeyConnection", findingManaged, "edges", "nodes", "pageInfo", "totalCount"),
	fields("ApiKeyEdge", findingManaged, "cursor", "node"),
	fields("AuthPayload", signingIn, "accessToken", "accessTokenExpiresAt", "refreshToken", "refreshTokenExpiresAt", "viewer"),
	fields("ChangePasswordPayload", managingOwn, "viewer"),
	fields("CreateApiKeyPayload", managingOwn, "apiKey", "secret"),
	fields("RevokeApiKeyPayload", managingOne, "apiKey"),
	fields("SetUserRolePayload", appointing, "user"),
	valueTypes(),
)...)

// fields are the entries of fields of one type that have the same readers.
func fields(of string, may policy, names ...string) []access {
	entries := make([]access, len(names))
	for i, name := range names {
		entries[i] = access{field: of + "." + name, may: may}
	}

	return entries
}

// valueTypes are the entries of types that hold nothing but what follows from their arguments, or what the service knows of the world.
func valueTypes() []access {
	names := []string{
		"CalculateChartPayload", "PageInfo", "Chart", "BirthData", "Position", "LongitudeRange", "Angles", "Angle", "Houses", "HouseCusp", "Aspect",
		"BirthResolution", "Certainty", "SignChange", "Turn", "AspectPattern", "Dominance", "SignCount", "ElementCount", "ModalityCount", "BodyStrength",
		"Dignity", "DegreeLords", "MutualReception", "HouseRuler", "HouseSigns", "SignShare", "MoonPhase", "Lunations", "BodyStations", "Station", "Parallel",
		"OutOfBounds", "Numerology", "NumerologyNumber", "NameNumerology", "NameNumber", "ChineseZodiac", "ChineseSolarYear", "ChineseLunarYear",
		"ChineseYear", "Provenance", "ProvenanceSetting", "DifferenceReport", "DifferenceExplanation", "DifferenceCause", "FigureDifference",
		"DifferenceSettings", "Transit", "TransitEvent", "Return", "Progression", "ProgressedPosition", "ProgressedAspect", "Synastry", "PairAspect",
		"HouseOverlay", "SynastryScore", "ScoreItem", "Composite", "CompositePosition", "Place", "NearestPlace", "TimeZoneGuess", "GeocodedPlace",
		"FamousPersonConnection", "FamousPersonEdge", "FamousPerson", "FamousMatch", "Reading", "ReadingConnection", "ReadingEdge", "ReadingOptions", "ReadingError",
		"OmittedSection", "ReadingUsage", "ReadingSection", "ReadingParagraph", "ReadingSentence",
	}
	entries := make([]access, len(names))

	for i, name := range names {
		entries[i] = access{field: name + ".*", may: everybody}
	}

	return entries
}
