package cache

import (
	"context"
	"errors"

	gocache "github.com/eko/gocache/lib/v4/cache"

	"sidereal/reading"
)

// Readings is a reading.Store that keeps completed readings in the process, with their sections: they never change. Those under way are read anew each time.
type Readings struct {
	reading.Store // what is behind the cache; all else goes there

	whole *gocache.Cache[whole]
}

// whole is a completed reading. Its sections are nil until somebody has asked for them.
type whole struct {
	reading  reading.Reading
	sections []reading.Section
}

// NewReadings returns a cache of so many readings, at least 1, in front of store.
func NewReadings(store reading.Store, most int) *Readings {
	return &Readings{Store: store, whole: gocache.New[whole](newOtterStore(most))}
}

// ByIDs implements reading.Store.
func (c *Readings) ByIDs(ctx context.Context, ids []string) (map[string]reading.Reading, error) {
	found := make(map[string]reading.Reading, len(ids))

	var missing []string

	for _, id := range ids {
		if w, err := c.whole.Get(ctx, id); err == nil {
			found[id] = w.reading
		} else {
			missing = append(missing, id)
		}
	}

	if len(missing) == 0 {
		return found, nil
	}

	loaded, err := c.Store.ByIDs(ctx, missing)
	if err != nil {
		return nil, err
	}

	for id, r := range loaded {
		found[id] = r

		if r.Status == reading.Completed {
			c.keep(ctx, whole{reading: r})
		}
	}

	return found, nil
}

// Sections implements reading.Store. Those of a reading that is not known to be completed are not kept: there may be more of them the next moment.
func (c *Readings) Sections(ctx context.Context, ids []string) (map[string][]reading.Section, error) {
	found := make(map[string][]reading.Section, len(ids))
	completed := make(map[string]reading.Reading, len(ids))

	var missing []string

	for _, id := range ids {
		w, err := c.whole.Get(ctx, id)
		if err == nil && w.sections != nil {
			found[id] = w.sections

			continue
		}

		if err == nil {
			completed[id] = w.reading
		}

		missing = append(missing, id)
	}

	if len(missing) == 0 {
		return found, nil
	}

	loaded, err := c.Store.Sections(ctx, missing)
	if err != nil {
		return nil, err
	}

	for id, sections := range loaded {
		found[id] = sections

		if r, ok := completed[id]; ok {
			c.keep(ctx, whole{r, sections})
		}
	}

	return found, nil
}

func (c *Readings) keep(ctx context.Context, w whole) {
	if err := c.whole.Set(ctx, w.reading.ID, w); err != nil {
		panic(errors.Join(errors.New("cache: the store in the process cannot fail"), err))
	}
}
