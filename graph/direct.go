package graph

import (
	"context"
	"io"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/graph/limit"
	"sidereal/graph/scalar"
)

// direct writes an object or a list of plain objects without the executor's fields, contexts and closures; nil where that does not go, and then the executor
// goes its own way. It does not go where a selection holds a field that waits or is deferred, where the arguments of a field are refused, and where
// writing comes upon an error, a panic, or null for what must not be: what is plain only computes, so the executor comes upon the same, and says where it is.
// After such a failure the rest of the operation goes by the executor, so that no operation costs more than twice.
func (ec *executionContext) direct(ctx context.Context, sel ast.SelectionSet, of directType, write func(w *directWriter, p *plan) bool) graphql.Marshaler {
	plans := plansFrom(ctx)
	if plans == nil || plans.failed.Load() {
		return nil
	}

	p := plans.plan(ctx, ec, sel, of)
	if p == nil {
		return nil
	}

	room := plans.lend()
	w := directWriter{bytes: *room}

	if !w.try(p, write) {
		plans.failed.Store(true)

		return nil
	}

	for _, l := range w.lists {
		if l.field == nil {
			limit.Count(ctx, l.length)
		} else {
			limit.CountOf(ctx, l.field, l.length)
		}
	}

	*room = w.bytes

	return written(w.bytes)
}

// written is JSON that is ready.
type written []byte

// MarshalGQL implements graphql.Marshaler.
func (b written) MarshalGQL(w io.Writer) { _, _ = w.Write(b) }

// directWriter appends JSON. Its methods return false where the executor has to say what is wrong.
type directWriter struct {
	bytes []byte
	lists []writtenList // of objects, for the bill
}

// writtenList is the length of a list of a field; nil is the field that is written.
type writtenList struct {
	field  *ast.Field
	length int
}

// count notes the length of a list of objects by their plan.
func (w *directWriter) count(p *plan, length int) {
	w.lists = append(w.lists, writtenList{p.field, length})
}

// try writes; a panic is a failure.
func (w *directWriter) try(p *plan, write func(w *directWriter, p *plan) bool) (done bool) {
	defer func() {
		if recover() != nil {
			done = false // the executor panics at the same field, and logs it
		}
	}()

	return write(w, p)
}

// Write implements io.Writer for the marshalers of scalars.
func (w *directWriter) Write(b []byte) (int, error) {
	w.bytes = append(w.bytes, b...)

	return len(b), nil
}

// WriteString implements io.StringWriter.
func (w *directWriter) WriteString(s string) (int, error) {
	w.bytes = append(w.bytes, s...)

	return len(s), nil
}

func (w *directWriter) null() bool {
	w.bytes = append(w.bytes, "null"...)

	return true
}

func (w *directWriter) marshal(m graphql.Marshaler, nonNull bool) bool {
	if m == graphql.Null && nonNull {
		return false
	}

	m.MarshalGQL(w)

	return true
}

func (w *directWriter) float(f float64) bool {
	if !scalar.IsFinite(f) {
		return false
	}

	w.bytes = scalar.AppendFloat(w.bytes, f)

	return true
}

// appendString appends a string as graphql.MarshalString writes it.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789ABCDEF"

	b = append(b, '"')
	from := 0

	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}

		b = append(b, s[from:i]...)
		from = i + 1

		switch c {
		case '\t':
			b = append(b, `\t`...)
		case '\r':
			b = append(b, `\r`...)
		case '\n':
			b = append(b, `\n`...)
		case '"', '\\':
			b = append(b, '\\', c)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
		}
	}

	return append(append(b, s[from:]...), '"')
}

// key returns what stands before a field's value.
func key(first bool, alias string) string {
	if first {
		return strconv.Quote(alias) + ":"
	}

	return "," + strconv.Quote(alias) + ":"
}
