package hub

import "sidereal/event"

// queue is events that wait, the oldest first. Its zero value is empty.
type queue struct {
	events []*event.Placed
	first  int // those before it are gone
}

// kept is the capacity that an empty queue keeps: enough for a subscription that is never behind by much.
const kept = 4

func (q *queue) len() int { return len(q.events) - q.first }

func (q *queue) put(p *event.Placed) {
	if len(q.events) == cap(q.events) && q.first > len(q.events)/2 { // else a queue that is never empty would grow for ever
		n := copy(q.events, q.events[q.first:])
		clear(q.events[n:])
		q.events, q.first = q.events[:n], 0
	}

	q.events = append(q.events, p)
}

// take returns the oldest, and no longer keeps it alive.
func (q *queue) take() *event.Placed {
	p := q.events[q.first]
	q.events[q.first] = nil
	q.first++

	if q.first == len(q.events) {
		q.events, q.first = q.events[:0], 0

		if cap(q.events) > kept {
			q.events = nil
		}
	}

	return p
}
