package ephemeris

import (
	"math"
	"time"
)

const unixEpoch = 2440587.5 // Julian day of 1970-01-01T00:00

// JulianDay returns the Julian day of a time's reading in UTC, in the proleptic Gregorian calendar without leap seconds. A Julian day in these
// centuries is a float64 to 0.04 milliseconds.
func JulianDay(t time.Time) float64 {
	seconds := t.Unix()
	days := math.Floor(float64(seconds) / secondsPerDay)
	rest := float64(seconds-int64(days)*int64(secondsPerDay)) + float64(t.Nanosecond())*1e-9

	return unixEpoch + days + rest/secondsPerDay
}

// Time returns the time in UTC of a Julian day, to the millisecond.
func Time(julianDay float64) time.Time {
	days := math.Floor(julianDay - unixEpoch)
	milliseconds := math.Round((julianDay - unixEpoch - days) * secondsPerDay * 1000)

	return time.UnixMilli(int64(days)*int64(secondsPerDay)*1000 + int64(milliseconds)).UTC()
}

// deltaTable is delta T at equal steps of UT.
type deltaTable struct {
	first, step float64 // Julian days
	seconds     []float64
}

// at interpolates between four values by Lagrange's cubic.
func (d *deltaTable) at(jdUT float64) float64 {
	position := (jdUT - d.first) / d.step
	i := min(max(int(position), 1), len(d.seconds)-3)
	x := position - float64(i)
	y := d.seconds[i-1 : i+3 : i+3]

	return -x*(x-1)*(x-2)/6*y[0] + (x+1)*(x-1)*(x-2)/2*y[1] - (x+1)*x*(x-2)/2*y[2] + (x+1)*x*(x-1)/6*y[3]
}

// greenwich is what the mean sidereal time has beyond the Earth's rotation, by Julian centuries TT, in arc seconds (IAU 2006: Capitaine, Wallace &
// Chapront, Astron. Astrophys. 412, 567 (2003); IERS Conventions 2010, eq. 5.32).
var greenwich = []float64{0.014506, 4612.156534, 1.3915817, -0.00000044, -0.000029956, -0.0000000368}

// The Julian days UT1 of 1850-01-01 and 2050-01-01, beyond which sidereal time has a correction.
const (
	julianDay1850 = 2396758.5
	julianDay2050 = 2469807.5
)

// siderealTime returns the Greenwich apparent sidereal time in degrees; t is Julian centuries TT. The equation of the equinoxes has its two
// largest complementary terms (IERS Conventions 2010, table 5.2e).
//
// Before 1850 and after 2050, where delta T is a model, a fitted correction of -1.9 to +8.6 arc seconds follows Swiss Ephemeris, which there ties
// sidereal time to the Earth's mean longitude.
func (s *Sky) siderealTime(t float64) float64 {
	d := s.JulianDayUT - j2000
	_, part := math.Modf(d) // whole days are whole turns
	turns := part + 0.7790572732640 + 0.00273781191135448*d

	node := polynomial(t, s.ephemeris.meanNode) * radian
	equinoxes := s.NutationLongitude*s.cosObliquity + (0.00264096*math.Sin(node)+0.00006352*math.Sin(2*node))/3600
	degrees := turns*fullTurn + polynomial(t, greenwich)/3600 + equinoxes

	switch {
	case s.JulianDayUT < julianDay1850:
		degrees += polynomial(d/daysPerCentury, s.ephemeris.sidereal1850)
	case s.JulianDayUT > julianDay2050:
		degrees += polynomial(d/daysPerCentury, s.ephemeris.sidereal2050)
	}

	return normalize(degrees)
}
