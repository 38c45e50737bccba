package forecast_test

import (
	"math"
	"strconv"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/chart/forecast"
	"sidereal/fault"
	"sidereal/internal/casttest"
)

func TestProgressionsAreThoseOfSwissEphemeris(t *testing.T) {
	const limit = 0.1 / 3600 // degrees

	caster := casttest.Caster(t)

	for _, row := range rows(t, "progressions.csv") {
		birth := birthAt(t, row[0])
		birth.Latitude, birth.Longitude = number(t, row[1]), number(t, row[2])
		natal := cast(t, caster, birth)

		for method := range forecast.AngleMethod(forecast.AngleMethodCount) {
			p, err := forecast.Progress(caster, natal, date(t, row[3]), forecast.ProgressionOptions{Angles: method})
			if err != nil {
				t.Fatal(err)
			}

			for i := range 5 {
				if off := chart.Separation(number(t, row[4+i]), p.Positions[i].Longitude); off > limit {
					t.Errorf("%s at %s, %s: want %s, got %f", row[0], row[3], p.Positions[i].Body, row[4+i], p.Positions[i].Longitude)
				}
			}

			midheaven, ascendant := row[9+2*method], row[10+2*method]
			if off := chart.Separation(number(t, midheaven), p.Midheaven.Longitude); off > limit {
				t.Errorf("%s at %s by %s: want the Midheaven %s, got %f", row[0], row[3], method, midheaven, p.Midheaven.Longitude)
			}

			if off := chart.Separation(number(t, ascendant), p.Ascendant.Longitude); off > 3*limit {
				t.Errorf("%s at %s by %s: want the Ascendant %s, got %f", row[0], row[3], method, ascendant, p.Ascendant.Longitude)
			}
		}
	}
}

func number(t testing.TB, text string) float64 {
	t.Helper()

	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}

	return x
}

// At birth the progressed chart is the chart of birth; within the year its bodies move as far as within a day.
func TestAProgressionBeginsWithTheChartOfBirth(t *testing.T) {
	caster := casttest.Caster(t)
	natal := cast(t, caster, birthAt(t, "1990-01-15T15:30:00Z"))

	for method := range forecast.AngleMethod(forecast.AngleMethodCount) {
		for _, zodiac := range []chart.Zodiac{chart.Tropical, chart.TrueSidereal, chart.Raman} {
			p, err := forecast.Progress(caster, natal, natal.Birth.Instant, forecast.ProgressionOptions{Angles: method, Zodiac: zodiac})
			if err != nil {
				t.Fatal(err)
			}

			for i, want := range natal.Houses(chart.Placidus, zodiac).Cusps {
				if off := chart.Separation(want.Longitude, p.Houses.Cusps[i].Longitude); off > 1e-9 {
					t.Errorf("want cusp %d at %f, got %f", i+1, want.Longitude, p.Houses.Cusps[i].Longitude)
				}
			}

			for i := range p.Positions {
				got := &p.Positions[i]

				want, _ := natal.Position(got.Body, zodiac)
				if want.Longitude != got.Longitude || want.House(chart.Placidus) != got.House || got.House != got.ProgressedHouse {
					t.Errorf("%s: want %f in house %d, got %f in %d and %d", got.Body, want.Longitude, want.House(chart.Placidus), got.Longitude, got.House, got.ProgressedHouse)
				}
			}
		}
	}
}

// An aspect that applies has a smaller orb a little later in life.
func TestProgressedAspectsApplyWhenTheirOrbShrinks(t *testing.T) {
	caster := casttest.Caster(t)
	natal := cast(t, caster, birthAt(t, "1990-01-15T15:30:00Z"))
	orbs := chart.UniformOrbs(3)
	checked, angles := 0, 0

	for method := range forecast.AngleMethod(forecast.AngleMethodCount) {
		for age := 1; age < 90; age += 7 {
			at := natal.Birth.Instant.AddDate(age, 0, 0)
			now, err := forecast.Progress(caster, natal, at, forecast.ProgressionOptions{Orbs: &orbs, Angles: method})
			later, err2 := forecast.Progress(caster, natal, at.AddDate(0, 0, 3), forecast.ProgressionOptions{Orbs: &orbs, Angles: method})

			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}

			for _, a := range now.Aspects {
				for _, b := range later.Aspects {
					change := math.Abs(b.Orb - a.Orb)
					if a.Progressed != b.Progressed || a.Natal != b.Natal || a.Kind != b.Kind || change < 1e-4 || a.Orb < 2*change {
						continue
					}

					checked++

					if _, body := a.Progressed.Body(); !body {
						angles++
					}

					if a.Applying != (b.Orb < a.Orb) {
						t.Errorf("%s %s %s at %d: applying %t, but the orb goes from %f to %f", a.Progressed, a.Kind, a.Natal, age, a.Applying, a.Orb, b.Orb)
					}
				}
			}
		}
	}

	if checked < 100 || angles < 10 {
		t.Errorf("%d aspects, %d of angles, are too few to tell", checked, angles)
	}
}

func TestAProgressionWithoutATimeHasNoAngles(t *testing.T) {
	caster := casttest.Caster(t)
	birth := birthAt(t, "1990-01-15T17:00:00Z")
	birth.TimeKnown = false

	p, err := forecast.Progress(caster, cast(t, caster, birth), date(t, "2024-01-01T00:00:00Z"), forecast.ProgressionOptions{})
	if err != nil {
		t.Fatal(err)
	}

	if p.Ascendant != nil || p.Midheaven != nil || p.Houses != nil || p.Uncertainty < 182*24*time.Hour {
		t.Errorf("want neither angles nor houses, and half a year's uncertainty, got %s", p.Uncertainty)
	}

	for _, a := range p.Aspects {
		if a.Natal >= chart.BodyCount || a.Progressed >= chart.BodyCount {
			t.Errorf("an aspect of %s to %s", a.Progressed, a.Natal)
		}
	}
}

func TestAProgressionBeyondTheEphemerisNamesItsField(t *testing.T) {
	caster := casttest.Caster(t)

	for _, instant := range []string{"2399-12-31T00:00:00Z", "1800-01-02T00:00:00Z"} {
		at := date(t, instant).AddDate(90, 0, 0)
		if instant[0] == '1' {
			at = date(t, instant).AddDate(-90, 0, 0)
		}

		_, err := forecast.Progress(caster, cast(t, caster, birthAt(t, instant)), at, forecast.ProgressionOptions{})
		if f, ok := fault.As(err); !ok || f.Field != "at" {
			t.Errorf("%s: want a fault of at, got %v", instant, err)
		}
	}
}

func BenchmarkProgress(b *testing.B) {
	caster := casttest.Caster(b)
	natal := cast(b, caster, birthAt(b, "1990-01-15T15:30:00Z"))
	at := date(b, "2024-01-01T00:00:00Z")

	for b.Loop() {
		if _, err := forecast.Progress(caster, natal, at, forecast.ProgressionOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
