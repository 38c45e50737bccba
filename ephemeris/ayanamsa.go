package ephemeris

// AyanamsaKind is a choice of where a sidereal zodiac begins.
type AyanamsaKind uint8

// The ayanamsas.
const (
	FaganBradley AyanamsaKind = iota
	Lahiri
	Krishnamurti
	Raman
	TrueSidereal
	AyanamsaCount = iota
)

var ayanamsaNames = [AyanamsaCount]string{"Fagan-Bradley", "Lahiri", "Krishnamurti", "Raman", "True Sidereal"}

// String returns the ayanamsa's name.
func (k AyanamsaKind) String() string { return ayanamsaNames[k] }

// trueSidereal is 31.38 degrees at J2000.0 and the IAU 2006 general precession in longitude, p_A (Capitaine, Wallace & Chapront, Astron. Astrophys.
// 412, 567 (2003), eq. 39), in arc seconds by Julian centuries TT.
var trueSidereal = []float64{31.38 * 3600, 5028.796195, 1.1054348, 0.00007964, -0.000023857, -0.0000000383}

// Ayanamsa returns the tropical longitude at which a sidereal zodiac begins, in degrees. The four of tradition are counted from the true equinox
// (with nutation), the true sidereal one from the mean equinox.
func (s *Sky) Ayanamsa(k AyanamsaKind) float64 {
	t := s.days / daysPerCentury
	if k == TrueSidereal {
		return polynomial(t, trueSidereal) / 3600
	}

	return polynomial(t, s.ephemeris.ayanamsas[k]) + s.NutationLongitude
}

// AyanamsaRate returns how fast an ayanamsa grows, in degrees a day.
func (s *Sky) AyanamsaRate(k AyanamsaKind) float64 {
	t := s.days / daysPerCentury
	if k == TrueSidereal {
		return slope(t, trueSidereal) / (3600 * daysPerCentury)
	}

	return slope(t, s.ephemeris.ayanamsas[k])/daysPerCentury + s.nutationRate
}
