package cache_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"sidereal/cache"
	"sidereal/chart"
	"sidereal/chart/charttest"
	"sidereal/db"
	"sidereal/event"
	"sidereal/internal/redistest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// store is a real store that counts and can be cut off.
type store struct {
	chart.Store

	loads, saves atomic.Int64
	down         atomic.Bool
}

var errDown = errors.New("down")

func (s *store) ByHashes(ctx context.Context, hashes []chart.Hash) (map[chart.Hash]chart.Record, error) {
	s.loads.Add(int64(len(hashes)))

	if s.down.Load() {
		return nil, errDown
	}

	return s.Store.ByHashes(ctx, hashes)
}

func (s *store) Save(ctx context.Context, r chart.Record, events ...event.Event) (chart.Record, bool, error) {
	s.saves.Add(1)

	if s.down.Load() {
		return chart.Record{}, false, errDown
	}

	return s.Store.Save(ctx, r, events...)
}

func openStore(t testing.TB) (behind *store, closeStore func()) {
	t.Helper()

	d, err := db.Open(t.Context(), db.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "charts.db"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}

	closeStore = func() { _ = d.Close() }
	t.Cleanup(closeStore)

	if _, err := db.NewMigrator(d).Up(t.Context()); err != nil {
		t.Fatal(err)
	}

	return &store{Store: db.NewCharts(d)}, closeStore
}

func newCache(t testing.TB, behind chart.Store, cfg cache.Config) *cache.Charts {
	t.Helper()

	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}

	c, err := cache.NewCharts(behind, cfg)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})

	return c
}

func save(t testing.TB, s chart.Store, r chart.Record) {
	t.Helper()

	if _, _, err := s.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// found asks for r and says whether it came back whole.
func found(t testing.TB, s chart.Store, r chart.Record) bool {
	t.Helper()

	records, err := s.ByHashes(t.Context(), []chart.Hash{r.Hash})
	if err != nil && !errors.Is(err, errDown) {
		t.Fatal(err)
	}

	got, ok := records[r.Hash]
	if ok && (got.Birth.Hash() != r.Hash || !got.CalculatedAt.Equal(r.CalculatedAt)) {
		t.Errorf("want %+v, got %+v", r, got)
	}

	return ok
}

func TestChartsPassTheStoreSuite(t *testing.T) {
	server := redistest.Start(t)

	for name, cfg := range map[string]cache.Config{
		"nothing is kept":          {},
		"in the process":           {MaxCharts: 100},
		"in Redis":                 {RedisURL: server.URL()},
		"in the process and Redis": {MaxCharts: 100, RedisURL: server.URL()},
	} {
		t.Run(name, func(t *testing.T) {
			charttest.TestStore(t, func(t *testing.T) charttest.Opened {
				server.Restart(t) // empty
				behind, closeStore := openStore(t)

				return charttest.Opened{Store: newCache(t, behind, cfg), Close: closeStore}
			})
		})
	}
}

func TestWhatIsKeptNeedsNoStore(t *testing.T) {
	behind, _ := openStore(t)
	c := newCache(t, behind, cache.Config{MaxCharts: 100})
	kept, loaded, never := charttest.Record(1), charttest.Record(2), charttest.Record(3)

	save(t, behind.Store, loaded)
	save(t, c, kept)

	if !found(t, c, kept) || !found(t, c, loaded) || found(t, c, never) {
		t.Fatal("want the two that were saved and no other")
	}

	if want, got := int64(2), behind.loads.Load(); want != got {
		t.Errorf("loads from the store: want %d, got %d", want, got)
	}

	behind.down.Store(true)

	if !found(t, c, kept) || !found(t, c, loaded) {
		t.Error("with the store down: want both from the cache")
	}

	save(t, behind.Store, never)
	behind.down.Store(false)

	if !found(t, c, never) {
		t.Error("what was once missing is not seen after it was saved")
	}

	if want, got := (cache.Stats{Hits: 3, Misses: 3}), c.Stats(); want != got {
		t.Errorf("want %+v, got %+v", want, got)
	}
}

func TestASaveAlwaysReachesTheStore(t *testing.T) {
	server := redistest.Start(t)
	cfg := cache.Config{MaxCharts: 10, RedisURL: server.URL()}
	lost, _ := openStore(t)
	save(t, newCache(t, lost, cfg), charttest.Record(1))

	restored, _ := openStore(t) // the same Redis before an empty database
	c := newCache(t, restored, cfg)

	if !found(t, c, charttest.Record(1)) {
		t.Fatal("Redis does not hold the record")
	}

	save(t, c, charttest.Record(1))

	if !found(t, restored.Store, charttest.Record(1)) {
		t.Error("the record is not in the database")
	}
}

func TestProcessesShareRedis(t *testing.T) {
	server := redistest.Start(t)
	behind, _ := openStore(t)
	first := newCache(t, behind, cache.Config{MaxCharts: 10, RedisURL: server.URL()})
	second := newCache(t, behind, cache.Config{MaxCharts: 10, RedisURL: server.URL()})

	save(t, first, charttest.Record(1))
	behind.down.Store(true)

	if !found(t, second, charttest.Record(1)) {
		t.Fatal("the second process does not see what the first kept")
	}

	server.Stop()

	if !found(t, second, charttest.Record(1)) {
		t.Error("the second process did not keep what it found in Redis")
	}
}

func TestWithoutRedisTheStoreAnswers(t *testing.T) {
	server := redistest.Start(t)
	behind, _ := openStore(t)

	var log bytes.Buffer

	c := newCache(t, behind, cache.Config{RedisURL: server.URL(), Log: slog.New(slog.NewTextHandler(&log, nil))})
	save(t, c, charttest.Record(1))
	server.Stop()

	for range 10 {
		if !found(t, c, charttest.Record(1)) {
			t.Fatal("with Redis down: want the record from the store")
		}
	}

	save(t, c, charttest.Record(2))

	if want, got := 1, strings.Count(log.String(), "redis failed"); want != got {
		t.Errorf("complaints: want %d, got %d:\n%s", want, got, log.String())
	}

	server.Restart(t)

	deadline, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()

	for before := behind.loads.Load(); behind.loads.Load() != before || !strings.Contains(log.String(), "redis is back"); {
		before = behind.loads.Load()

		if !found(t, c, charttest.Record(2)) {
			t.Fatal("while Redis comes back: want the record from the store")
		}

		if deadline.Err() != nil {
			t.Fatalf("Redis is not used again:\n%s", log.String())
		}
	}
}

func TestARedisThatHangsCostsLittle(t *testing.T) {
	server := redistest.Start(t)
	behind, _ := openStore(t)
	c := newCache(t, behind, cache.Config{RedisURL: server.URL()})
	save(t, c, charttest.Record(1))

	control := client(t, server)
	if err := control.Do(t.Context(), "CLIENT", "PAUSE", 60_000, "ALL").Err(); err != nil {
		t.Fatal(err)
	}

	bounded, cancel := context.WithTimeout(t.Context(), 10*time.Second) // one wait of 100 ms, not a hundred of 60 s
	defer cancel()

	for range 100 {
		if _, err := c.ByHashes(bounded, []chart.Hash{charttest.Record(1).Hash}); err != nil {
			t.Fatal(err)
		}
	}
}

func client(t testing.TB, server *redistest.Server) *redis.Client {
	t.Helper()

	options, err := redis.ParseURL(server.URL())
	if err != nil {
		t.Fatal(err)
	}

	c := redis.NewClient(options)
	t.Cleanup(func() { _ = c.Close() })

	return c
}

func TestWhatIsNotARecordIsAMiss(t *testing.T) {
	server := redistest.Start(t)
	behind, _ := openStore(t)
	c := newCache(t, behind, cache.Config{RedisURL: server.URL()})
	first, second := charttest.Record(1), charttest.Record(2)

	save(t, c, first)
	save(t, c, second)

	control := client(t, server)

	keys, err := control.Keys(t.Context(), "*"+string(first.Hash)).Result()
	if err != nil || len(keys) != 1 {
		t.Fatalf("want one key, got %v, %v", keys, err)
	}

	others, err := control.Keys(t.Context(), "*"+string(second.Hash)).Result()
	if err != nil || len(others) != 1 {
		t.Fatalf("want one key, got %v, %v", others, err)
	}

	another, err := control.Get(t.Context(), others[0]).Result()
	if err != nil {
		t.Fatal(err)
	}

	for name, value := range map[string]string{"no JSON": "{", "JSON of something else": "[1]", "empty": "", "another chart's record": another} {
		if err := control.Set(t.Context(), keys[0], value, 0).Err(); err != nil {
			t.Fatal(err)
		}

		before := behind.loads.Load()

		if !found(t, c, first) || behind.loads.Load() != before+1 {
			t.Errorf("%s: want the record from the store", name)
		}
	}
}

func TestNoMoreIsKeptThanSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		behind := &store{Store: emptyStore{}}
		c := newCache(t, behind, cache.Config{MaxCharts: 10})

		for n := range 1000 {
			save(t, c, charttest.Record(n))
		}

		synctest.Wait() // eviction runs beside

		for n := range 1000 {
			_ = found(t, c, charttest.Record(n))
		}

		if got := c.Stats().Hits; got == 0 || got > 10 {
			t.Errorf("want 1 to 10 of 1000 records kept, got %d", got)
		}
	})
}

// emptyStore takes everything and has nothing.
type emptyStore struct{ chart.Store }

func (emptyStore) Save(_ context.Context, r chart.Record, _ ...event.Event) (chart.Record, bool, error) {
	return r, true, nil
}

func (emptyStore) ByHashes(context.Context, []chart.Hash) (map[chart.Hash]chart.Record, error) {
	return map[chart.Hash]chart.Record{}, nil
}

func TestABadRedisAddressIsRefusedAtStart(t *testing.T) {
	if _, err := cache.NewCharts(emptyStore{}, cache.Config{RedisURL: "http://example.org", Log: slog.New(slog.DiscardHandler)}); err == nil {
		t.Error("want an error")
	}
}
