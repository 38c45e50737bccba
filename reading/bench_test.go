package reading_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/reading"
)

// BenchmarkReading is a reading of the built-in engine from end to end: asked for, claimed, written and kept in SQLite with its events, each of another chart. Besides the
// rate under load it reports how long the first section took from the request, one after the other.
func BenchmarkReading(b *testing.B) {
	for _, detail := range []reading.Detail{reading.Standard, reading.Comprehensive} {
		b.Run(detail.String(), func(b *testing.B) {
			f := setUp(b)
			f.config.Now = time.Now
			f.serve()
			f.start(f.jobs)

			random := rand.New(rand.NewPCG(1, 2))

			ask := func() reading.Request {
				at := time.Unix(random.Int64N(1_500_000_000), 0).UTC()
				hash := f.born(chart.Birth{Instant: at, TimeKnown: true, Latitude: 52.5, Longitude: chart.RoundCoordinate(random.Float64() * 90)})

				return reading.Request{Chart: hash, Detail: detail, Language: reading.English}
			}

			requests := make([]reading.Request, b.N)
			for i := range requests {
				requests[i] = ask()
			}

			const askers = 4

			last := make([]string, askers)

			b.ResetTimer()

			var wg sync.WaitGroup
			for a := range askers {
				wg.Go(func() {
					for i := a; i < b.N; i += askers {
						r, _, err := f.service.Request(f.Context(), requests[i])
						if err != nil {
							b.Error(err)
						}

						last[a] = r.ID
					}
				})
			}

			wg.Wait()

			for _, id := range last {
				if id != "" {
					f.await(id, reading.Completed)
				}
			}

			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "readings/s")

			waits := make([]time.Duration, 20)
			for i := range waits {
				r, began := ask(), time.Now()

				asked, _ := f.request(f.as(fmt.Sprint(i)), r)
				f.eventually("a section", func() bool { return len(f.sections(asked.ID)) > 0 })

				waits[i] = time.Since(began)
				f.await(asked.ID, reading.Completed)
			}

			slices.Sort(waits)
			b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "ms/first-section")
		})
	}
}
