package gazetteer

import (
	"math"
	"math/rand/v2"
	"testing"

	"sidereal/atlas"
)

// bruteNearest looks at all places.
func (g *Gazetteer) bruteNearest(latitude, longitude float64, allowed func(number int) bool) (number int, distanceKm float64) {
	number, distanceKm = -1, math.Inf(1)

	for n := range g.ids {
		if km := DistanceKm(latitude, longitude, degrees(g.latitudes[n]), degrees(g.longitudes[n])); allowed(n) && km < distanceKm {
			number, distanceKm = n, km
		}
	}

	return number, distanceKm
}

func TestNearestIsWhatBruteForceFinds(t *testing.T) {
	g := open(t)
	random := rand.New(rand.NewPCG(3, 4))
	points := [][2]float64{
		{90, 0}, {90, 123}, {-90, 0}, {89.9, -45}, {-89.9, 170}, {71, 180}, {71, -180}, {-17, 179.99}, {-17, -179.99}, {52, 179.5}, {0, 0}, {0, 180}, {65, -170}, {-78, 166},
	}

	for range 35 { // evenly over the globe
		points = append(points, [2]float64{math.Asin(2*random.Float64()-1) * 180 / math.Pi, 360*random.Float64() - 180})
	}

	for range 35 { // where people are
		n := random.IntN(g.Len())
		points = append(points, [2]float64{degrees(g.latitudes[n]) + random.NormFloat64()*0.3, degrees(g.longitudes[n]) + random.NormFloat64()*0.3})
	}

	for i, p := range points {
		want, wantKm := g.bruteNearest(p[0], p[1], anywhere)

		place, gotKm := g.Nearest(p[0], p[1])
		if wantKm != gotKm {
			t.Errorf("%v: want %d at %g km, got %s at %g km", p, g.ids[want], wantKm, place.Name, gotKm)
		}

		guess := g.Zone(p[0], p[1])
		if guess.Nautical || i%2 > 0 {
			continue
		}

		_, rivalKm := g.bruteNearest(p[0], p[1], func(n int) bool { return g.zoneOf[n] != g.zoneOf[want] })
		if near := rivalKm < 2*wantKm+10; near != (guess.Rival != "") || near && guess.RivalKm != rivalKm {
			t.Errorf("%v: want a rival at %g km (nearest %g km), got %+v", p, rivalKm, wantKm, guess)
		}
	}
}

func TestNearestTakesAnyNumbers(t *testing.T) {
	g := open(t)
	want, _ := g.Nearest(-17, -179.99)

	if got, _ := g.Nearest(-17, 180.01); got != want {
		t.Errorf("want %s over the antimeridian, got %s", want.Name, got.Name)
	}

	if got, _ := g.Nearest(-17, -179.99+720); got != want {
		t.Errorf("want %s two times round, got %s", want.Name, got.Name)
	}

	north, _ := g.Nearest(90, 0)
	if got, _ := g.Nearest(1e9, 0); got != north {
		t.Errorf("want %s beyond the pole, got %s", north.Name, got.Name)
	}

	for _, p := range [][2]float64{{math.NaN(), 0}, {0, math.NaN()}, {math.Inf(1), math.Inf(-1)}} {
		g.Nearest(p[0], p[1]) // must not panic
		g.Zone(p[0], p[1])
	}
}

func TestZoneOfAPoint(t *testing.T) {
	g := open(t)

	tests := []struct {
		name                string
		latitude, longitude float64
		want                string
		nautical            bool
	}{
		{"Times Square", 40.758, -73.9855, "America/New_York", false},
		{"the Prater in Vienna", 48.2166, 16.3959, "Europe/Vienna", false},
		{"Greenwich", 51.4779, -0.0015, "Europe/London", false},
		{"Kathmandu", 27.7, 85.32, "Asia/Kathmandu", false},
		{"Navajo nation, which keeps daylight saving", 36.15, -109.55, "America/Denver", false},
		{"Phoenix, which does not", 33.45, -112.07, "America/Phoenix", false},
		{"Urumqi", 43.8, 87.6, "Asia/Urumqi", false},
		{"Chatham Islands", -43.95, -176.55, "Pacific/Chatham", false},
		{"Kiritimati, east of the date line", 1.87, -157.4, "Pacific/Kiritimati", false},
		{"Longyearbyen", 78.22, 15.65, "Arctic/Longyearbyen", false},
		{"McMurdo", -77.85, 166.67, "Antarctica/McMurdo", false},
		{"the middle of the Atlantic", 30, -40, "Etc/GMT+3", true},
		{"the middle of the Pacific", -45, -130, "Etc/GMT+9", true},
		{"the Indian Ocean", -20, 75, "Etc/GMT-5", true},
		{"the Gulf of Guinea, longitude 0", -10, 0, "Etc/GMT", true},
		{"the antimeridian from the east", 40, 179.9, "Etc/GMT-12", true},
		{"the antimeridian from the west", 40, -179.9, "Etc/GMT+12", true},
		{"the north pole", 90, 0, "Etc/GMT", true},
	}

	zones, err := atlas.OpenZones()
	if err != nil {
		t.Fatal(err)
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := g.Zone(tt.latitude, tt.longitude)
			if got.Zone != tt.want || got.Nautical != tt.nautical {
				t.Errorf("want %s (nautical %t), got %+v", tt.want, tt.nautical, got)
			}

			if _, err := zones.Location(got.Zone); err != nil {
				t.Error(err)
			}
		})
	}
}

// The figure that README.md gives: how often a place's zone is that of the nearest other place, a hard version of what Zone is asked.
func TestZoneIsThatOfTheNeighbour(t *testing.T) {
	g := open(t)
	random := rand.New(rand.NewPCG(5, 6))
	same, unwarned := 0, 0

	const asked = 1500

	for range asked {
		n := random.IntN(g.Len())
		lat, lon := degrees(g.latitudes[n]), degrees(g.longitudes[n])
		other, km := g.nearest(lat, lon, math.Inf(1), func(o int) bool { return o != n })

		if g.zoneOf[other] == g.zoneOf[n] {
			same++

			continue
		}

		if _, away := g.nearest(lat, lon, 2*km+10, func(o int) bool { return o != n && g.zoneOf[o] != g.zoneOf[other] }); math.IsInf(away, 1) {
			unwarned++
		}
	}

	t.Logf("%d of %d have their neighbour's zone; of the others %d would be given without a rival", same, asked, unwarned)

	if same < asked*985/1000 {
		t.Errorf("want 98.5 %% of %d, got %d", asked, same)
	}
}
