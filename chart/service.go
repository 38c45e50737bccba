package chart

import (
	"context"
	"fmt"
	"time"

	"sidereal/atlas"
	"sidereal/event"
)

// Service calculates charts and remembers that it did. It is safe for concurrent use.
type Service struct {
	caster *Caster
	zones  *atlas.Zones
	places Places
	store  Store
	now    func() time.Time
	recent *Recent[Hash, *Chart]
}

// recentCharts is how many charts are kept with what was found out about them, and at most twice as many, of about 10 kB.
const recentCharts = 128

// NewService returns a service that finds places in places (nil: not at all), keeps its records in store and takes the time from now.
func NewService(caster *Caster, zones *atlas.Zones, places Places, store Store, now func() time.Time) *Service {
	return &Service{caster: caster, zones: zones, places: places, store: store, now: now, recent: NewRecent[Hash, *Chart](recentCharts)}
}

// Caster returns what the service casts by, for charts that are not to be stored.
func (s *Service) Caster() *Caster { return s.caster }

// Stored is a chart with what its store knows of it.
type Stored struct {
	*Chart

	CalculatedAt time.Time // UTC
}

// Calculate resolves the input, casts the chart and stores it under its hash, and tells of it; created is false when it was stored before. The chart repeats the
// zone and the place name of this input, whatever the stored record has. Bad input is a VALIDATION_FAILED fault and stores nothing.
func (s *Service) Calculate(ctx context.Context, in Input) (stored Stored, created bool, err error) {
	if in, err = in.Placed(ctx, s.places); err != nil {
		return Stored{}, false, err
	}

	birth, err := in.Resolve(s.zones)
	if err != nil {
		return Stored{}, false, err
	}

	chart, err := s.caster.Cast(birth)
	if err != nil {
		return Stored{}, false, err
	}

	birth.PlaceNote, birth.PlaceDoubt = "", false

	record := Record{Hash: chart.Hash, Birth: birth, CalculatedAt: s.now().UTC().Truncate(time.Microsecond)}
	told := event.New(event.ChartCalculated, record.CalculatedAt, string(chart.Hash), in.By, event.ChartCalculatedData{Hash: string(chart.Hash)})

	record, created, err = s.store.Save(ctx, record, told)
	if err != nil {
		return Stored{}, false, fmt.Errorf("chart: calculate: %w", err)
	}

	return Stored{Chart: chart, CalculatedAt: record.CalculatedAt}, created, nil
}

// ByHashes returns the stored charts with those hashes; unknown ones are left out.
func (s *Service) ByHashes(ctx context.Context, hashes []Hash) (map[Hash]Stored, error) {
	records, err := s.store.ByHashes(ctx, hashes)
	if err != nil {
		return nil, fmt.Errorf("chart: by hashes: %w", err)
	}

	charts := make(map[Hash]Stored, len(records))

	for hash, record := range records {
		if charts[hash], err = s.restore(record); err != nil {
			return nil, err
		}
	}

	return charts, nil
}

// Listed is one page of charts.
type Listed struct {
	Charts []Stored
	More   bool // as in Page
}

// Page returns one page of the stored charts.
func (s *Service) Page(ctx context.Context, q Query) (Listed, error) {
	page, err := s.store.Page(ctx, q)
	if err != nil {
		return Listed{}, fmt.Errorf("chart: page: %w", err)
	}

	listed := Listed{Charts: make([]Stored, len(page.Records)), More: page.More}

	for i, record := range page.Records {
		if listed.Charts[i], err = s.restore(record); err != nil {
			return Listed{}, err
		}
	}

	return listed, nil
}

// Count returns how many stored charts the filter selects.
func (s *Service) Count(ctx context.Context, f Filter) (int, error) {
	n, err := s.store.Count(ctx, f)
	if err != nil {
		return 0, fmt.Errorf("chart: count: %w", err)
	}

	return n, nil
}

// restore casts the chart of a record, unless it is one of the recent ones. That has to be of the same birth in what its hash does not tell, too: the names of the
// place and the zone.
func (s *Service) restore(r Record) (Stored, error) {
	if chart, ok := s.recent.Get(r.Hash); ok && chart.Birth == r.Birth {
		return Stored{Chart: chart, CalculatedAt: r.CalculatedAt}, nil
	}

	chart, err := s.caster.Cast(r.Birth)
	if err != nil {
		return Stored{}, fmt.Errorf("chart: restore %s: %w", r.Hash, err)
	}

	s.recent.Add(chart.Hash, chart)

	return Stored{Chart: chart, CalculatedAt: r.CalculatedAt}, nil
}

// Mark returns the chart's place in an order by key.
func (s Stored) Mark(key OrderKey) Mark {
	return Record{Hash: s.Hash, Birth: s.Birth, CalculatedAt: s.CalculatedAt}.Mark(key)
}
