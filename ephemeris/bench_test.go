package ephemeris

import "testing"

// instants returns Julian days spread over 1900 to 2009, as the benchmark against Swiss Ephemeris has them.
func instants() []float64 {
	days := make([]float64, 4096)
	seed := uint64(88172645463325252)

	for i := range days {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		days[i] = 2415020.5 + float64(seed%4000000)/100
	}

	return days
}

// seventeen are the bodies of a full chart.
var seventeen = [...]Body{
	Sun, Moon, Mercury, Venus, Mars, Jupiter, Saturn, Uranus, Neptune, Pluto, Chiron, TrueNode, MeanLilith, Ceres, Pallas, Juno, Vesta,
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		open(b)
	}
}

func BenchmarkSky(b *testing.B) {
	e, days := open(b), instants()
	i := 0

	b.ReportAllocs()

	for b.Loop() {
		if _, err := e.Sky(days[i%len(days)]); err != nil {
			b.Fatal(err)
		}

		i++
	}
}

func BenchmarkChart(b *testing.B) {
	e, days := open(b), instants()
	i := 0

	b.ReportAllocs()

	for b.Loop() {
		sky, _ := e.Sky(days[i%len(days)])
		for _, body := range seventeen {
			sky.Position(body)
		}

		i++
	}
}

func BenchmarkBody(b *testing.B) {
	e := open(b)
	sky := skyAt(b, e, 2451545)

	for body := range Body(BodyCount) {
		b.Run(body.String(), func(b *testing.B) {
			for b.Loop() {
				sky.Position(body)
			}
		})
	}
}
