package event

// What the Data of an event holds, by its type. Whoever reads it passes over names that it does not know, so that names may be added; one that is here keeps its meaning.

// UserRegisteredData is that of user.registered. The subject and the owner are the account.
type UserRegisteredData struct{}

// UserLoggedInData is that of user.logged_in. The subject and the owner are the account.
type UserLoggedInData struct {
	Session string `json:"session,omitempty"` // its id
}

// ChartCalculatedData is that of chart.calculated. The subject is the chart's hash, the owner the account that asked for it first, if any.
type ChartCalculatedData struct {
	Hash string `json:"hash"`
}

// ReadingData is that of reading.completed and reading.cancelled, and a part of that of all events of readings. Their subject is the hash of the chart, their owner the
// account that asked for the reading first, if any; whoever has the hash may hear of them as well.
type ReadingData struct {
	Reading string `json:"reading"` // its id
}

// ReadingStartedData is that of reading.started.
type ReadingStartedData struct {
	ReadingData

	Sections []string `json:"sections"` // that are planned, in their order, as the schema's SectionKind has them
}

// ReadingSectionData is that of reading.section and reading.section_ready.
type ReadingSectionData struct {
	ReadingData

	Section string `json:"section"` // as the schema's SectionKind has it
	Number  int    `json:"number"`  // among the planned sections, from 0 on
}

// ReadingTextData is that of reading.text.
type ReadingTextData struct {
	ReadingSectionData

	Text string `json:"text"` // to be put behind what was heard since the section began
}

// ReadingProgressData is that of reading.progress.
type ReadingProgressData struct {
	ReadingData

	Done       int      `json:"done"` // sections
	Total      int      `json:"total"`
	Percent    float64  `json:"percent"`              // 0 to 100
	TimeLeftMs *float64 `json:"timeLeftMs,omitempty"` // nil where it cannot be told
}

// ReadingFailedData is that of reading.failed.
type ReadingFailedData struct {
	ReadingData

	Reason string `json:"reason"` // a sentence for the caller
}

// BatchJobStartedData is that of batch.job.started. The subject of events of jobs is the job's id, their owner the account that submitted it.
type BatchJobStartedData struct {
	Total int `json:"total"` // items
}

// BatchJobCounts is the data of batch.job.completed.
type BatchJobCounts struct {
	Completed int `json:"completed"` // items that succeeded
	Failed    int `json:"failed"`
	Total     int `json:"total"`
}

// BatchJobProgressData is that of batch.job.progress.
type BatchJobProgressData struct {
	BatchJobCounts

	TimeLeftMs *float64 `json:"timeLeftMs,omitempty"` // nil where it cannot be told
}

// BatchJobFailedData is that of batch.job.failed.
type BatchJobFailedData struct {
	Reason string `json:"reason"` // a sentence for the caller
}

// SystemHealthCheckData is that of system.health_check. The subject is the host; the owner is nobody.
type SystemHealthCheckData struct {
	Node   string        `json:"node"` // the host that the process runs on
	Ready  bool          `json:"ready"`
	Checks []HealthCheck `json:"checks"` // ordered by name
}

// HealthCheck is what a check found.
type HealthCheck struct {
	Name   string `json:"name"`
	Status string `json:"status"` // ok, unavailable or timeout
}

// SystemNoticeData is that of system.warning and system.error. The owner is Everyone where users should know.
type SystemNoticeData struct {
	Message string `json:"message"`
}

// BreakerSetData is that of system.breaker_set. The subject is the name of the circuit breaker; the owner is nobody.
type BreakerSetData struct {
	Breaker string `json:"breaker"`
	Mode    string `json:"mode"`  // AUTO, FORCE_OPEN or FORCE_CLOSED
	Reset   bool   `json:"reset"` // it was started anew as well
	By      string `json:"by"`    // the id of the account that decided
}
