package main

import "sidereal/account"

// verdict is what became of a field: the code of its error, or one of those below.
type verdict string

const (
	allowed         verdict = "allowed"
	hidden          verdict = "null" // as if there were no such object
	notFound        verdict = "NOT_FOUND"
	unauthenticated verdict = "UNAUTHENTICATED"
	forbidden       verdict = "FORBIDDEN"
)

// policy says who may. What belongs to somebody has an owner, and every other user is another.
type policy struct {
	name                        string
	nobody, owner, other, admin verdict
	scopes                      account.Scopes // that an API key needs
	private                     bool           // whether what it guards belongs to somebody
}

// The policies of this API.
var (
	everybody      = policy{"everybody", allowed, allowed, allowed, allowed, 0, false}
	administrators = policy{"administrators", unauthenticated, forbidden, forbidden, allowed, account.ScopeRead | account.ScopeAdmin, false}

	// reading and changing what is the viewer's own: everybody who signed in has something of the kind, and sees no more than that.
	readingOwn  = policy{"reading one's own", unauthenticated, allowed, allowed, allowed, account.ScopeRead, true}
	changingOwn = policy{"changing one's own", unauthenticated, allowed, allowed, allowed, account.ScopeWrite, true}

	// finding and changing one thing of somebody, by its id: to all but its owner it is not there.
	findingOne  = policy{"finding one's own by id", hidden, allowed, hidden, hidden, account.ScopeRead, true}
	changingOne = policy{"changing one's own by id", unauthenticated, allowed, notFound, notFound, account.ScopeWrite, true}
)

// access is an entry of the table: who may read a field, and for root fields a document that reads it. Documents use the variables of world.variables.
type access struct {
	field    string // "Query.chart"; below the roots also "Place.*", which stands for all fields of a type that have no entry of their own
	of       string // of Query.node and Query.nodes: the type that is asked for
	may      policy
	document string
	without  verdict // what those get who may, where the test's server has not what the field needs; allowed when left out
}

// owned are the types whose objects belong to somebody. Each of their fields, and of the types that hold them, has an entry of its own and is read by a document.
var owned = []string{"SavedChart"}

const savedChart = "{ id label note savedAt chart { hash } }"

// accessTable has an entry for every field of the schema.
var accessTable = append([]access{
	{field: "Query.node", of: "Chart", may: everybody, document: "query($chart: ID!) { node(id: $chart) { id ... on Chart { hash } } }"},
	{field: "Query.node", of: "Place", may: everybody, document: "query($place: ID!) { node(id: $place) { id ... on Place { name } } }"},
	{field: "Query.node", of: "FamousPerson", may: everybody, document: "query($person: ID!) { node(id: $person) { id ... on FamousPerson { name } } }"},
	{field: "Query.node", of: "SavedChart", may: findingOne, document: "query($saved: ID!) { node(id: $saved) { id ... on SavedChart " + savedChart + " } }"},
	{field: "Query.nodes", of: "Chart", may: everybody, document: "query($chart: ID!) { nodes(ids: [$chart]) { id ... on Chart { hash } } }"},
	{field: "Query.nodes", of: "Place", may: everybody, document: "query($place: ID!) { nodes(ids: [$place]) { id ... on Place { name } } }"},
	{field: "Query.nodes", of: "FamousPerson", may: everybody, document: "query($person: ID!) { nodes(ids: [$person]) { id ... on FamousPerson { name } } }"},
	{field: "Query.nodes", of: "SavedChart", may: findingOne, document: "query($saved: ID!) { nodes(ids: [$saved]) { id ... on SavedChart " + savedChart + " } }"},
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

	{field: "Subscription.operationsSnapshots", may: administrators, document: "subscription { operationsSnapshots(everyMs: 60000) { at } }"},

	{field: "ChartConnection.*", may: administrators},
	{field: "ChartEdge.*", may: administrators},
	{field: "OperationsSnapshot.*", may: administrators},

	{field: "SavedChart.id", may: findingOne},
	{field: "SavedChart.label", may: findingOne},
	{field: "SavedChart.note", may: findingOne},
	{field: "SavedChart.chart", may: findingOne},
	{field: "SavedChart.savedAt", may: findingOne},
	{field: "SavedChartConnection.edges", may: readingOwn},
	{field: "SavedChartConnection.nodes", may: readingOwn},
	{field: "SavedChartConnection.pageInfo", may: readingOwn},
	{field: "SavedChartConnection.totalCount", may: readingOwn},
	{field: "SavedChartEdge.cursor", may: readingOwn},
	{field: "SavedChartEdge.node", may: readingOwn},
	{field: "SaveChartPayload.savedChart", may: changingOwn},
	{field: "SaveChartPayload.created", may: changingOwn},
	{field: "UpdateSavedChartPayload.savedChart", may: changingOne},
	{field: "DeleteSavedChartPayload.*", may: changingOne},
}, valueTypes()...)

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
		"FamousPersonConnection", "FamousPersonEdge", "FamousPerson", "FamousMatch",
	}
	entries := make([]access, len(names))

	for i, name := range names {
		entries[i] = access{field: name + ".*", may: everybody}
	}

	return entries
}
