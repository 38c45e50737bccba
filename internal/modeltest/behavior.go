package modeltest

// Behavior is what a server does with a request.
type Behavior string

// The behaviors.
const (
	Well         Behavior = "well"         // writes a section from the factors in the prompt, and tells what it used
	Silent       Behavior = "silent"       // as Well, but does not tell what it used
	Slow         Behavior = "slow"         // as Well, with a pause before each chunk
	Hangs        Behavior = "hangs"        // never answers
	HangsMidway  Behavior = "hangs midway" // begins to answer, and stands still
	TooMany      Behavior = "too many"     // 429 with Retry-After
	Broken       Behavior = "broken"       // 500
	Unauthorized Behavior = "unauthorized" // 401
	Cuts         Behavior = "cuts"         // closes the connection in the middle of the stream
	Ends         Behavior = "ends"         // ends the stream in the middle as if that were all
	Reports      Behavior = "reports"      // begins to answer, and reports an error within the stream
	Talks        Behavior = "talks"        // answers with words that are no JSON
	Empty        Behavior = "empty"        // answers with a section without paragraphs
	Lies         Behavior = "lies"         // claims placements that no chart has
	Invents      Behavior = "invents"      // names factors that there are not
	Refuses      Behavior = "refuses"      // will not write this
	Rambles      Behavior = "rambles"      // goes on until it is cut off for its length
	Repairs      Behavior = "repairs"      // lies at first, and is well when told so
	Plain        Behavior = "plain"        // answers at once, with no stream
)
