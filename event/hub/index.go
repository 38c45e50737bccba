package hub

import (
	"slices"

	"sidereal/event"
)

// index finds the subscriptions that may want an event. Each is in it by the narrowest thing that its filter says: one subject, or some owners, or nothing.
type index struct {
	subjects  map[string]*bucket
	owners    map[string]*bucket
	everybody *bucket
}

// bucket is the subscriptions that have one thing in common.
type bucket struct {
	members []member
	within  map[string]*bucket // nil for everybody's
	key     string
}

// member is a subscription, and which of its seats this is.
type member struct {
	s    *Subscription
	seat int
}

// seat is where a subscription stands in the index.
type seat struct {
	bucket *bucket
	at     int
}

func newIndex() index {
	return index{subjects: make(map[string]*bucket), owners: make(map[string]*bucket), everybody: &bucket{}}
}

// add puts a subscription in. A filter that nothing passes has no place.
func (x *index) add(s *Subscription) {
	switch f := s.filter; {
	case f.Subject != "":
		at(x.subjects, f.Subject).add(s)
	case f.Everybody:
		x.everybody.add(s)
	default:
		for i, owner := range f.Owners {
			if !slices.Contains(f.Owners[:i], owner) {
				at(x.owners, owner).add(s)
			}
		}
	}
}

func at(within map[string]*bucket, key string) *bucket {
	b, ok := within[key]
	if !ok {
		b = &bucket{within: within, key: key}
		within[key] = b
	}

	return b
}

func (b *bucket) add(s *Subscription) {
	b.members = append(b.members, member{s, len(s.seats)})
	s.seats = append(s.seats, seat{b, len(b.members) - 1})
}

// remove takes a subscription out, if it is there, at a cost that does not grow with how many there are.
func (x *index) remove(s *Subscription) {
	for _, seat := range s.seats {
		seat.bucket.remove(seat.at)
	}

	s.seats = nil
}

// remove fills the place with the last member.
func (b *bucket) remove(at int) {
	end := len(b.members) - 1
	moved := b.members[end]
	b.members[at] = moved
	moved.s.seats[moved.seat].at = at
	b.members[end] = member{}
	b.members = b.members[:end]

	if end == 0 {
		b.members = nil
		delete(b.within, b.key)
	}
}

// wanting calls do for each subscription that an event passes to, once.
func (x *index) wanting(e *event.Event, do func(*Subscription)) {
	for _, b := range []*bucket{x.subjects[e.Subject], x.owners[e.Owner], x.everybody} {
		if b == nil {
			continue
		}

		for _, m := range b.members {
			if m.s.filter.Matches(e) {
				do(m.s)
			}
		}
	}
}

// each calls do for every subscription; more than once for one with several owners.
func (x *index) each(do func(*Subscription)) {
	for _, m := range x.everybody.members {
		do(m.s)
	}

	for _, buckets := range []map[string]*bucket{x.subjects, x.owners} {
		for _, b := range buckets {
			for _, m := range b.members {
				do(m.s)
			}
		}
	}
}

// size is how many places are taken, and in how many buckets besides everybody's.
func (x *index) size() (seats, buckets int) {
	x.each(func(*Subscription) { seats++ })

	return seats, len(x.subjects) + len(x.owners)
}
