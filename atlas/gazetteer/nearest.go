package gazetteer

import (
	"math"
	"strconv"
)

// earthKm is the mean radius of the Earth (IUGG).
const earthKm = 6371.0088

// SeaKm is the distance to the nearest place from which on Zone answers with a nautical zone.
const SeaKm = 200

const placesPerBox = 64

// box is the least rectangle around placesPerBox places that follow each other, in 1e-5 degrees.
type box struct{ south, north, west, east int32 }

func (g *Gazetteer) newBoxes() []box {
	boxes := make([]box, 0, len(g.ids)/placesPerBox+1)

	for number := range g.ids {
		lat, lon := g.latitudes[number], g.longitudes[number]
		if number%placesPerBox == 0 {
			boxes = append(boxes, box{lat, lat, lon, lon})
		}

		b := &boxes[len(boxes)-1]
		b.south, b.north, b.west, b.east = min(b.south, lat), max(b.north, lat), min(b.west, lon), max(b.east, lon)
	}

	return boxes
}

// Nearest returns the place nearest to a point on the globe, along a great circle. Latitudes are taken into [-90, 90], longitudes round the globe.
func (g *Gazetteer) Nearest(latitude, longitude float64) (place Place, distanceKm float64) {
	number, distanceKm := g.nearest(latitude, longitude, math.Inf(1), anywhere)
	if number < 0 {
		return Place{}, math.Inf(1)
	}

	place, _ = g.place(number)

	return place, distanceKm
}

// ZoneGuess is the time zone that a point on the globe most likely keeps.
type ZoneGuess struct {
	Zone       string  // IANA name; Etc/GMT±n at sea
	Nautical   bool    // no place lies within SeaKm, so the zone is that of ships at sea
	Nearest    Place   // whose zone it is, unless Nautical
	DistanceKm float64 // to Nearest

	// Rival is the zone of the nearest place with another, empty when that is more than twice as far as Nearest and 10 km: where it is set, a border may
	// run between the point and Nearest.
	Rival   string
	RivalKm float64
}

// Zone returns the zone of the place nearest to a point, which is right save within a few kilometres of borders (README.md has figures), and the nautical
// zone, round hours of longitude, where no place lies within SeaKm: at sea, and in the emptiest deserts and on the ice.
func (g *Gazetteer) Zone(latitude, longitude float64) ZoneGuess {
	const slackKm = 10

	number, distance := g.nearest(latitude, longitude, math.Inf(1), anywhere)
	if number < 0 || distance > SeaKm {
		return ZoneGuess{Zone: nauticalZone(longitude), Nautical: true, DistanceKm: distance}
	}

	guess := ZoneGuess{Zone: g.zones[g.zoneOf[number]], DistanceKm: distance}
	guess.Nearest, _ = g.place(number)

	rival, away := g.nearest(latitude, longitude, 2*distance+slackKm, func(other int) bool { return g.zoneOf[other] != g.zoneOf[number] })
	if rival >= 0 {
		guess.Rival, guess.RivalKm = g.zones[g.zoneOf[rival]], away
	}

	return guess
}

// nauticalZone returns the zone of 15 degrees that ships keep; POSIX, and so the tz database, count it west positive.
func nauticalZone(longitude float64) string {
	switch hours := int(math.Round(normalLongitude(longitude) / 15)); {
	case hours > 0:
		return "Etc/GMT-" + strconv.Itoa(hours)
	case hours < 0:
		return "Etc/GMT+" + strconv.Itoa(-hours)
	}

	return "Etc/GMT"
}

func normalLongitude(longitude float64) float64 { return math.Remainder(longitude, 360) }

func anywhere(int) bool { return true }

// nearest returns the nearest place within reach that is allowed, -1 when none is. It looks into those boxes that can hold a nearer one.
func (g *Gazetteer) nearest(latitude, longitude, reachKm float64, allowed func(number int) bool) (number int, distanceKm float64) {
	latitude, longitude = min(max(latitude, -90), 90), normalLongitude(longitude)
	number, distanceKm = -1, reachKm

	look := func(i int) {
		for n := i * placesPerBox; n < min((i+1)*placesPerBox, len(g.ids)); n++ {
			if !allowed(n) {
				continue
			}

			if km := DistanceKm(latitude, longitude, degrees(g.latitudes[n]), degrees(g.longitudes[n])); km < distanceKm {
				number, distanceKm = n, km
			}
		}
	}

	// A round by rough distances gives a bound, so that then few boxes have to be opened.
	shrink := math.Cos(latitude * math.Pi / 180)
	order := make([]candidate, len(g.boxes))

	for i, b := range g.boxes {
		order[i] = candidate{i, b.roughly(latitude, longitude, shrink)}
	}

	for range min(4, len(order)) {
		least := 0
		for i := range order {
			if order[i].distance < order[least].distance {
				least = i
			}
		}

		look(order[least].box)
		order[least].distance = math.Inf(1)
	}

	for _, c := range order {
		if !math.IsInf(c.distance, 1) && g.boxes[c.box].leastKm(latitude, longitude, distanceKm) < distanceKm {
			look(c.box)
		}
	}

	return number, distanceKm
}

// candidate is a box and how near it may come.
type candidate struct {
	box      int
	distance float64
}

// roughly returns a number that grows with the distance to a box, near enough to order by.
func (b box) roughly(latitude, longitude, shrink float64) float64 {
	y := max(degrees(b.south)-latitude, latitude-degrees(b.north), 0)
	x := max(degrees(b.west)-longitude, longitude-degrees(b.east), 0) * shrink

	return x*x + y*y
}

// leastKm returns a lower bound of the distance from a point to anything in the box; once that is known to exceed enough, any number above it.
func (b box) leastKm(latitude, longitude, enough float64) float64 {
	const slackKm = 0.01 // of rounding

	south, north, west, east := degrees(b.south), degrees(b.north), degrees(b.west), degrees(b.east)
	north2south := max(south-latitude, latitude-north, 0) * math.Pi / 180 * earthKm

	if north2south > enough+slackKm || longitude >= west && longitude <= east {
		return north2south - slackKm
	}

	// The nearest point of a meridian lies no nearer than the great circle through it: sin d = cos latitude × sin of the difference in longitude.
	away := min(math.Abs(normalLongitude(west-longitude)), math.Abs(normalLongitude(east-longitude))) * math.Pi / 180
	across := math.Asin(min(1, math.Cos(latitude*math.Pi/180)*math.Sin(min(away, math.Pi/2)))) * earthKm

	return max(north2south, across) - slackKm
}

// DistanceKm returns the length of the great circle between two points in degrees (haversine formula), on a sphere: right to 0.6 %.
func DistanceKm(latitude1, longitude1, latitude2, longitude2 float64) float64 {
	const rad = math.Pi / 180

	a, b := math.Sin((latitude2-latitude1)*rad/2), math.Sin((longitude2-longitude1)*rad/2)
	h := a*a + math.Cos(latitude1*rad)*math.Cos(latitude2*rad)*b*b

	return 2 * earthKm * math.Asin(math.Sqrt(min(1, h)))
}
