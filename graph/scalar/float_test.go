package scalar_test

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"sidereal/graph/scalar"
)

// The texts are what JSON.stringify gives.
func TestFloatsAreWrittenAsInJavaScript(t *testing.T) {
	tenth, fifth := 0.1, 0.2 // not constants, whose sum would be exact

	for f, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", 1: "1", -1.5: "-1.5", 2447907.145: "2447907.145", tenth + fifth: "0.30000000000000004",
		1e20: "100000000000000000000", 1e21: "1e+21", -1.25e22: "-1.25e+22", 1e-6: "0.000001", 1e-7: "1e-7", 1.5e-10: "1.5e-10", 1e300: "1e+300",
		5e-324: "5e-324", 123456789012345680000: "123456789012345680000",
	} {
		if got := string(scalar.AppendFloat(nil, f)); got != want {
			t.Errorf("%g: want %s, got %s", f, want, got)
		}
	}
}

func TestFloatsReadAsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Float64().Filter(scalar.IsFinite).Draw(t, "float") // JSON has no others

		got, err := strconv.ParseFloat(string(scalar.AppendFloat(nil, want)), 64)
		if err != nil || got != want {
			t.Errorf("want %g, got %g (%v)", want, got, err)
		}
	})
}
