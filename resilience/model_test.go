package resilience

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// The policy of the model. No time that the model waits for is near another by chance: 1 s is a step of the window.
var modelPolicy = Policy{Window: 10 * time.Second, MinCalls: 4, FailureRate: 0.6, InRow: 6, OpenFor: 7 * time.Second, MaxOpenFor: 25 * time.Second, Probes: 2, MaxHold: 20 * time.Second}

// model is what a breaker should be, written down as a list of what happened, without a library, a lock or a timer.
type model struct {
	now      time.Duration
	mode     Mode
	open     bool          // the breaker opened
	opened   time.Duration // how long the open period is
	ends     time.Duration // of the open period
	held     time.Duration
	anew     time.Duration // when the window began
	results  []result
	inRow    int // failures since the last success
	life     int // grows when what began before no longer counts
	probing  int // half open: places taken
	probesOK int
	underWay []modelTry
}

type result struct {
	at     time.Duration
	failed bool
}

type modelTry struct {
	ticket ticket
	life   int
}

func (m *model) state() State {
	switch {
	case m.mode == ForceOpen, m.mode == Auto && m.open && m.now < m.ends:
		return Open
	case m.mode == Auto && m.open:
		return HalfOpen
	default:
		return Closed
	}
}

// reason is why a try is refused; empty when it is not.
func (m *model) reason() Reason {
	switch {
	case m.mode == ForceClosed:
		return ""
	case m.mode == ForceOpen:
		return ReasonForcedOpen
	case m.state() == Open:
		return ReasonOpen
	case m.now < m.held:
		return ReasonToldToWait
	case m.open && m.probing == modelPolicy.Probes:
		return ReasonProbing
	default:
		return ""
	}
}

func (m *model) settle(try modelTry, o outcome) {
	if m.mode == Auto && o.verdict == Transient && o.wait > 0 {
		m.held = max(m.held, m.now+min(o.wait, modelPolicy.MaxHold))
	}

	switch {
	case m.mode != Auto || try.life != m.life:
	case o.verdict == Neutral:
		m.probing--
	case m.open && o.verdict == Answered:
		if m.probesOK++; m.probesOK == modelPolicy.Probes {
			m.close()
			m.opened = 0
		}
	case m.open:
		m.trip()
	default:
		m.results = append(m.results, result{m.now, o.verdict != Answered})
		m.inRow++

		if o.verdict == Answered {
			m.inRow = 0
		} else if m.tooMany() {
			m.trip()
		}
	}
}

// tooMany asks the rule: of the results in this step of the window and the nine before.
func (m *model) tooMany() bool {
	step := func(t time.Duration) time.Duration { return (t - m.anew) / time.Second }
	total, failed := 0, 0

	for _, r := range m.results {
		if step(r.at) > step(m.now)-10 {
			total++

			if r.failed {
				failed++
			}
		}
	}

	return total >= modelPolicy.MinCalls && 10*failed >= 6*total || m.inRow == modelPolicy.InRow
}

func (m *model) trip() {
	m.opened = min(max(2*m.opened, modelPolicy.OpenFor), modelPolicy.MaxOpenFor)

	m.open = true
	m.ends = m.now + max(m.opened, m.held-m.now)
	m.probing, m.probesOK = 0, 0
	m.life++
}

func (m *model) close() {
	m.open = false
	m.results, m.inRow = nil, 0
	m.anew = m.now
	m.life++
}

func (m *model) restart() {
	m.close()
	m.opened, m.held = 0, 0
}

// pair is a breaker and its model.
type pair struct {
	model

	b *breaker
}

func (p *pair) begin(t *rapid.T) {
	got, refused := p.b.admit(false)
	want := p.reason()

	if (refused == nil) != (want == "") || refused != nil && refused.Reason != want {
		t.Fatalf("want the reason %q, got %v", want, refused)
	}

	if refused != nil {
		if ends := max(p.ends, p.held); want == ReasonOpen && refused.After != ends-p.now {
			t.Fatalf("want a wait of %v, got %v", ends-p.now, refused.After)
		}

		return
	}

	p.probing++
	p.underWay = append(p.underWay, modelTry{got, p.life})
}

func (p *pair) end(t *rapid.T) {
	if len(p.underWay) == 0 {
		return // there is none
	}

	i := rapid.IntRange(0, len(p.underWay)-1).Draw(t, "try")
	o := rapid.SampledFrom([]outcome{
		{verdict: Answered},
		{verdict: Answered},
		{verdict: Failed},
		{verdict: Failed},
		{verdict: Transient},
		{verdict: Neutral},
		{verdict: Transient, wait: 3 * time.Second},
		{verdict: Transient, wait: time.Minute},
		{verdict: Failed, wait: time.Minute},
	}).Draw(t, "outcome")

	try := p.underWay[i]
	p.underWay = slices.Delete(p.underWay, i, i+1)
	p.b.settle(try.ticket, o)
	p.settle(try, o)
}

func (p *pair) pass(t *rapid.T) {
	d := time.Duration(rapid.SampledFrom([]int{1, 10, 500, 1000, 1500, 7000, 25_000}).Draw(t, "milliseconds")) * time.Millisecond

	// The model opens its window when it looks, the breaker when its timer has fired: together.
	time.Sleep(d)
	synctest.Wait()

	if p.state() == Open && p.mode == Auto && p.now+d >= p.ends {
		p.life++ // half open is a life of its own; nothing began while it was open
	}

	p.now += d
}

func (p *pair) steer(t *rapid.T) {
	switch order := rapid.SampledFrom([]string{"AUTO", "AUTO", "FORCE_OPEN", "FORCE_CLOSED", "reset"}).Draw(t, "order"); {
	case order == "reset":
		p.b.reset()
		p.restart()
	case Mode(order) != p.mode:
		p.b.setMode(Mode(order))
		p.mode = Mode(order)
		p.restart()
	default:
		p.b.setMode(p.mode)
	}
}

func (p *pair) check(t *rapid.T) {
	got := p.b.status("")
	if got.State != p.state() || got.Mode != p.mode {
		t.Fatalf("want %s %s, got %s %s", p.state(), p.mode, got.State, got.Mode)
	}

	c := got.Counters
	if c.Tries != c.Successes+c.Failures+c.Abandoned+c.InFlight || c.InFlight != int64(len(p.underWay)) {
		t.Fatalf("want the tries to add up and %d under way, got %+v", len(p.underWay), c)
	}
}

// timeless is a test that rapid does not ask for its deadline, which it may not in a bubble.
type timeless struct{ *testing.T }

// TestABreakerDoesWhatItsModelDoes lets tries begin and end in any order, time pass and operators steer.
func TestABreakerDoesWhatItsModelDoes(t *testing.T) {
	policy, err := modelPolicy.complete()
	if err != nil {
		t.Fatal(err)
	}

	synctest.Test(t, func(t *testing.T) {
		seen := make(map[State]int)

		rapid.Check(timeless{t}, func(t *rapid.T) {
			p := &pair{model: model{mode: Auto}, b: newBreaker("model", &policy, func(Change) {}, func() {})}

			t.Repeat(map[string]func(*rapid.T){
				"begin": p.begin, "begin too": p.begin, "begin as well": p.begin, "end": p.end, "end too": p.end, "end as well": p.end, "pass": p.pass,
				"steer": func(t *rapid.T) {
					if rapid.IntRange(0, 3).Draw(t, "seldom") == 0 {
						p.steer(t)
					}
				},
				"": func(t *rapid.T) {
					p.check(t)
					seen[p.state()]++
				},
			})
		})

		if seen[Closed] == 0 || seen[Open] == 0 || seen[HalfOpen] == 0 {
			t.Errorf("want all states visited, got %v", seen)
		}
	})
}
