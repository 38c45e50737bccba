// Command crosscheck compares package ephemeris with another planetary ephemeris read by another program: JPL's DE440s in the Go module
// github.com/anupshinde/goeph, which also solves the light-time. Deflection, aberration and precession are done here in another way than there.
// It is a module of its own, so that the product does not depend on that one (74 MB):
//
//	cd ephemeris/fit/crosscheck && go run . [-charts 2000]
//
// It prints the largest difference of apparent places over 1850 to 2149, and fails when one is not explained by the difference of the ephemerides.
package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/anupshinde/goeph/spk"

	"sidereal/ephemeris"
)

const (
	arcsecond = math.Pi / 180 / 3600
	first     = 2396770.0 // Julian days within DE440s: 1850 to 2149
	days      = 109500.0
)

// targets are the bodies of DE440s and the largest difference that is allowed, in arc seconds: DE440 differs from DE431 by new observations, of Neptune
// and Pluto (far from their orbit's observed arc) above all.
var targets = []struct {
	body ephemeris.Body
	naif int
	most float64
}{
	{ephemeris.Sun, spk.Sun, 0.02},
	{ephemeris.Moon, spk.Moon, 0.03},
	{ephemeris.Mercury, spk.Mercury, 0.02},
	{ephemeris.Venus, spk.Venus, 0.02},
	{ephemeris.Mars, spk.MarsBarycenter, 0.1},
	{ephemeris.Jupiter, spk.JupiterBarycenter, 0.05},
	{ephemeris.Saturn, spk.SaturnBarycenter, 0.02},
	{ephemeris.Uranus, spk.UranusBarycenter, 0.3},
	{ephemeris.Neptune, spk.NeptuneBarycenter, 0.6},
	{ephemeris.Pluto, spk.PlutoBarycenter, 0.8},
}

func main() {
	charts := flag.Int("charts", 2000, "instants, spread evenly")
	flag.Parse()

	if err := run(*charts); err != nil {
		fmt.Fprintln(os.Stderr, "crosscheck:", err)
		os.Exit(1)
	}
}

func run(charts int) error {
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/anupshinde/goeph").Output()
	if err != nil {
		return err
	}

	theirs, err := spk.Open(filepath.Join(strings.TrimSpace(string(folder)), "data", "de440s.bsp"))
	if err != nil {
		return err
	}

	ours, err := ephemeris.Open()
	if err != nil {
		return err
	}

	failed := false

	for _, target := range targets {
		worst, modern := 0.0, 0.0

		for i := range charts {
			sky, err := ours.Sky(first + days*float64(i)/float64(charts))
			if err != nil {
				return err
			}

			longitude, latitude := eclipticOfDate(apparent(theirs, target.naif, sky.JulianDayTT), &sky)
			got := sky.Position(target.body)
			off := math.Hypot(math.Remainder(got.Longitude-longitude, 360)*math.Cos(latitude*math.Pi/180), got.Latitude-latitude) * 3600

			if elongation := math.Abs(math.Remainder(got.Longitude-sky.Position(ephemeris.Sun).Longitude, 360)); elongation < 0.3 && target.body > ephemeris.Moon {
				continue // light through the Sun is bent by the mass within only
			}

			worst = max(worst, off)

			if sky.JulianDayUT > 2433282 && sky.JulianDayUT < 2469808 { // 1950 to 2050
				modern = max(modern, off)
			}
		}

		verdict := ""
		if worst > target.most {
			verdict, failed = fmt.Sprintf("  more than %.2f", target.most), true
		}

		fmt.Printf("%-8s %.4f arc seconds at most, 1950 to 2050 %.4f%s\n", target.body, worst, modern, verdict)
	}

	if failed {
		return fmt.Errorf("the ephemerides differ by more than they should")
	}

	return nil
}

// apparent adds to an astrometric place the bending of light by the Sun as a point, unless it is the Sun or the Moon, and classical aberration with the
// term of second order (Explanatory Supplement to the Astronomical Almanac, 3rd ed., eqs. 7.63 and 7.40).
func apparent(theirs *spk.SPK, naif int, tdb float64) [3]float64 {
	const (
		lightSpeed = 299792.458                                       // km/s
		bending    = 2 * 1.32712440018e11 / (lightSpeed * lightSpeed) // km
	)

	body := theirs.Observe(naif, tdb)
	distance := length(body)
	u := scale(body, 1/distance)

	if naif != spk.Sun && naif != spk.Moon {
		sun := theirs.GeocentricPosition(spk.Sun, tdb)
		e, q := scale(sun, -1/length(sun)), add(body, scale(sun, -1))
		q = scale(q, 1/length(q))
		factor := bending / length(sun) / (1 + dot(q, e))
		u = add(u, add(scale(e, factor*dot(u, q)), scale(q, -factor*dot(e, u))))
	}

	beta := scale(theirs.EarthVelocity(tdb), 1/(86400*lightSpeed))
	gamma := math.Sqrt(1 - dot(beta, beta))

	return add(scale(u, gamma), scale(beta, 1+dot(u, beta)/(1+gamma)))
}

func add(a, b [3]float64) [3]float64 { return [3]float64{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

func scale(a [3]float64, f float64) [3]float64 { return [3]float64{a[0] * f, a[1] * f, a[2] * f} }

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func length(a [3]float64) float64 { return math.Sqrt(dot(a, a)) }

// eclipticOfDate turns a vector of the GCRS to longitude and latitude in degrees: by frame bias, the classical angles of the IAU 2006 precession
// (Capitaine, Wallace & Chapront 2003, eq. 40), another way than the one of package ephemeris, and nutation.
func eclipticOfDate(v [3]float64, sky *ephemeris.Sky) (longitude, latitude float64) {
	t := (sky.JulianDayTT - 2451545) / 36525
	zeta := (2.650545 + t*(2306.083227+t*(0.2988499+t*(0.01801828-t*0.000005971)))) * arcsecond
	z := (-2.650545 + t*(2306.077181+t*(1.0927348+t*(0.01826837-t*0.000028596)))) * arcsecond
	theta := t * (2004.191903 + t*(-0.4294934+t*(-0.04182264-t*0.000007089))) * arcsecond

	// Frame bias (IERS Conventions 2010, section 5.4.4).
	v = turn(v, 2, -0.01460*arcsecond)
	v = turn(v, 1, -0.0166170*arcsecond)
	v = turn(v, 0, 0.0068192*arcsecond)

	v = turn(v, 2, -zeta)
	v = turn(v, 1, theta)
	v = turn(v, 2, -z)
	v = turn(v, 0, sky.MeanObliquity*math.Pi/180)
	v = turn(v, 2, -sky.NutationLongitude*math.Pi/180) // nutation in obliquity tilts the equator only

	return math.Atan2(v[1], v[0]) * 180 / math.Pi, math.Atan2(v[2], math.Hypot(v[0], v[1])) * 180 / math.Pi
}

// turn rotates the axes by an angle about one of them.
func turn(v [3]float64, axis int, angle float64) [3]float64 {
	sin, cos := math.Sincos(angle)
	j, k := (axis+1)%3, (axis+2)%3
	v[j], v[k] = cos*v[j]+sin*v[k], cos*v[k]-sin*v[j]

	return v
}
