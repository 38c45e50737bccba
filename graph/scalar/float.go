package scalar

import (
	"context"
	"errors"
	"io"
	"math"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// errNoNumber says that a float is none that JSON has.
var errNoNumber = errors.New("scalar: a float is infinite or not a number")

// MarshalFloat writes a Float.
func MarshalFloat(f float64) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(_ context.Context, w io.Writer) error {
		if !IsFinite(f) {
			return errNoNumber
		}

		_, err := w.Write(AppendFloat(nil, f))

		return err
	})
}

// UnmarshalFloat reads a Float.
func UnmarshalFloat(ctx context.Context, v any) (float64, error) {
	return graphql.UnmarshalFloatContext(ctx, v)
}

// IsFinite says whether JSON has the number.
func IsFinite(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) }

// AppendFloat appends a finite number as ECMAScript writes it (ECMA-262, Number::toString), which is the shortest text that reads as the same number:
// 2447907.145 and not 2.447907145e+06, 0 and not -0. The numbers of GraphQL servers in JavaScript look the same.
func AppendFloat(b []byte, f float64) []byte {
	const smallest, largest = 1e-6, 1e21 // that are written without an exponent

	if f == 0 {
		return append(b, '0')
	}

	if size := math.Abs(f); smallest <= size && size < largest {
		return strconv.AppendFloat(b, f, 'f', -1, 64)
	}

	b = strconv.AppendFloat(b, f, 'e', -1, 64)

	if n := len(b); b[n-2] == '0' && b[n-3] == '-' { // 1e-07
		b[n-2], b = b[n-1], b[:n-1]
	}

	return b
}
