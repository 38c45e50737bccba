package chart

import "math"

// Angles are the four corners of a chart and the points that belong to them, as tropical longitudes in degrees.
type Angles struct {
	Ascendant, Midheaven, Vertex, EastPoint float64
}

// Descendant returns the longitude opposite the Ascendant.
func (a Angles) Descendant() float64 { return Normalize(a.Ascendant + 180) }

// ImumCoeli returns the longitude opposite the Midheaven.
func (a Angles) ImumCoeli() float64 { return Normalize(a.Midheaven + 180) }

// AnglesAt returns the angles for a right ascension of the meridian (armc, the local apparent sidereal time), a true obliquity and a
// geographic latitude, all in degrees (Meeus, Astronomical Algorithms, 2nd ed., ch. 13 and 14; Holden, The Elements of House Division).
func AnglesAt(armc, obliquity, latitude float64) Angles {
	midheaven := midheavenAt(armc, obliquity)

	// Beyond the polar circles the rising degree can lie on the western side of the meridian; the Ascendant is then the opposite degree, so
	// that it is always the one behind the Midheaven.
	ascendant := ascendantAt(armc, obliquity, latitude)
	if Difference(ascendant, midheaven) < 0 {
		ascendant = Normalize(ascendant + 180)
	}

	// The vertex is the Ascendant of the co-latitude on the other side of the sky; within the tropics it is the western one of the two
	// intersections with the prime vertical.
	colatitude := 90 - latitude
	if latitude < 0 {
		colatitude = -90 - latitude
	}

	vertex := ascendantAt(Normalize(armc+180), obliquity, colatitude)
	if math.Abs(latitude) <= obliquity && Difference(vertex, midheaven) > 0 {
		vertex = Normalize(vertex + 180)
	}

	return Angles{
		Ascendant: ascendant,
		Midheaven: midheaven,
		Vertex:    vertex,
		EastPoint: ascendantAt(armc, obliquity, 0),
	}
}

// midheavenAt returns the degree of the ecliptic that culminates with the right ascension armc.
func midheavenAt(armc, obliquity float64) float64 {
	return Normalize(atan2(sin(armc), cos(armc)*cos(obliquity)))
}

// ascendantAt returns the degree of the ecliptic on the eastern horizon of a place at latitude when armc culminates.
func ascendantAt(armc, obliquity, latitude float64) float64 {
	return Normalize(atan2(cos(armc), -(sin(armc)*cos(obliquity) + tan(latitude)*sin(obliquity))))
}
