package relay

import (
	"sidereal/fault"
)

// The sizes of pages.
const (
	DefaultPage = 20
	MaxPage     = 100
)

// Size is how many items a page holds and from which end of the range they are taken.
type Size struct {
	Limit   int
	FromEnd bool
}

// PageSize checks the arguments first and last of a connection. Values outside 1 to MaxPage, or both at once, are VALIDATION_FAILED faults that
// name the argument.
func PageSize(first, last *int) (Size, error) {
	switch {
	case first != nil && last != nil:
		return Size{}, fault.Invalid("last", "give first or last, not both")
	case last != nil:
		return Size{Limit: *last, FromEnd: true}, inRange("last", *last)
	case first != nil:
		return Size{Limit: *first}, inRange("first", *first)
	default:
		return Size{Limit: DefaultPage}, nil
	}
}

func inRange(argument string, n int) error {
	if n < 1 || n > MaxPage {
		return fault.Invalid(argument, "a page holds 1 to %d items, not %d", MaxPage, n)
	}

	return nil
}

// PageInfo says where a page lies in its list.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *string
}

// NewPageInfo returns the page info of the page with those cursors, in order. More says that the range goes on beyond the end that the page was
// not anchored at; after and before say that the range was bounded by a cursor, so that something lies on the other side.
func NewPageInfo(cursors []string, fromEnd, more, after, before bool) PageInfo {
	info := PageInfo{HasNextPage: more || before, HasPreviousPage: after}
	if fromEnd {
		info = PageInfo{HasNextPage: before, HasPreviousPage: more || after}
	}

	if len(cursors) > 0 {
		info.StartCursor, info.EndCursor = &cursors[0], &cursors[len(cursors)-1]
	}

	return info
}
