package model

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sidereal/chart"
)

// claim is something that a text says of a chart.
type claim string

func inSign(p chart.Point, s chart.Sign) claim { return claim(fmt.Sprintf("%s in %s", p, s)) }

func inHouse(p chart.Point, house int) claim { return claim(fmt.Sprintf("%s in house %d", p, house)) }

func linked(first chart.Point, kind chart.AspectKind, second chart.Point) claim {
	return claim(fmt.Sprintf("%s %s %s", min(first, second), kind, max(first, second)))
}

// truth is what may be claimed.
type truth map[claim]bool

// add lets be claimed what a factor's name says.
func (t truth) add(name string) {
	for c := range claimsOf(name) {
		t[c] = true
	}
}

// aliases are other names of points.
var aliases = map[string]chart.Point{
	"North Node": chart.TrueNodePoint, "Lunar Node": chart.TrueNodePoint, "MC": chart.MidheavenPoint, "IC": chart.ImumCoeliPoint, "Rising Sign": chart.AscendantPoint,
	"rising sign": chart.AscendantPoint, "Lilith": chart.MeanLilithPoint, "sun": chart.SunPoint, "moon": chart.MoonPoint, "ascendant": chart.AscendantPoint,
	"midheaven": chart.MidheavenPoint,
}

// kindNames are the words for aspects, all in lower case.
var kindNames = map[string]chart.AspectKind{
	"conjunct": chart.Conjunction, "conjunction": chart.Conjunction, "conjoins": chart.Conjunction, "conjoining": chart.Conjunction, "conjoined": chart.Conjunction,
	"opposition": chart.Opposition, "opposite": chart.Opposition, "opposes": chart.Opposition, "opposing": chart.Opposition, "opposed": chart.Opposition,
	"trine": chart.Trine, "trines": chart.Trine, "trining": chart.Trine,
	"square": chart.Square, "squares": chart.Square, "squaring": chart.Square,
	"sextile": chart.Sextile, "sextiles": chart.Sextile, "sextiling": chart.Sextile,
	"quincunx": chart.Quincunx, "inconjunct": chart.Quincunx,
	"semisextile": chart.Semisextile, "semi-sextile": chart.Semisextile,
	"semisquare": chart.Semisquare, "semi-square": chart.Semisquare,
	"sesquiquadrate": chart.Sesquiquadrate, "sesquisquare": chart.Sesquiquadrate,
	"quintile": chart.Quintile, "biquintile": chart.Biquintile, "bi-quintile": chart.Biquintile,
}

// houseNames are the words for houses.
var houseNames = func() map[string]int {
	names := make(map[string]int)

	for i, word := range strings.Fields("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth") {
		names[word] = i + 1
	}

	for n, ending := range map[int]string{1: "st", 2: "nd", 3: "rd"} {
		names[strconv.Itoa(n)+ending] = n
	}

	for n := 4; n <= 12; n++ {
		names[strconv.Itoa(n)+"th"] = n
	}

	return names
}()

var (
	pointNames = func() map[string]chart.Point {
		names := make(map[string]chart.Point)

		for p := range chart.Point(chart.PointCount) {
			names[p.String()] = p
		}

		maps.Copy(names, aliases)

		return names
	}()
	signNames = func() map[string]chart.Sign {
		names := make(map[string]chart.Sign)
		for s := range chart.Sign(chart.SignCount) {
			names[s.String()] = s
		}

		return names
	}()
)

// anyOf is an expression for one of the names, the longest that there is.
func anyOf[T any](names map[string]T) string {
	all := make([]string, 0, len(names))
	for name := range names {
		all = append(all, regexp.QuoteMeta(name))
	}

	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })

	return "(" + strings.Join(all, "|") + ")"
}

// Words that may stand between a name and what is claimed of it.
const (
	verbs = `(?:,? (?:which|that|who))?(?: (?:is|are|stands|sits|falls|lies|lives|rests|comes|placed|located|found|retrograde|here|now|also|both)){0,3}`
	whose = `(?:(?:your|the|their|its|natal|transiting|other's|other) ){0,3}`
	forms = `(?:'s)?(?: (?:is|are|stands|sits|in|forms?|makes?|making|forming|a|an|its|exact|close|tight|wide|exactly|closely|tightly)){0,4}`
)

var (
	// "Sun in Capricorn", "Venus, which stands in the sign of Leo"
	signClaim = regexp.MustCompile(`\b` + anyOf(pointNames) + verbs + `,? in (?:the sign of |the constellation of |the stars of )?` + anyOf(signNames) + `\b`)
	// "Mars in the 5th house", "the Moon in Aries and in your tenth house"
	houseClaim = regexp.MustCompile(`\b` + anyOf(pointNames) + verbs + `(?: in ` + anyOf(signNames) + `,?(?: and)?)?(?: (?:sits|stands|is))?,? in (?:the |your |its )?` +
		anyOf(houseNames) + `[ -][Hh]ouse\b`)
	// "Sun square Moon", "Mercury forms an exact trine to your Pluto"
	aspectClaim = regexp.MustCompile(`\b` + anyOf(pointNames) + forms + ` (?i:` + anyOf(kindNames) + `)(?: aspect)?(?: (?:to|with|of))? ` + whose + anyOf(pointNames) + `\b`)
	// "the square between Venus and Saturn"
	betweenClaim = regexp.MustCompile(`\b(?i:` + anyOf(kindNames) + `)(?: aspect)? between ` + whose + anyOf(pointNames) + ` and ` + whose + anyOf(pointNames) + `\b`)
)

// claimsOf returns what an English text says of a chart, with the words in which it does.
func claimsOf(text string) map[claim]string {
	found := make(map[claim]string)

	for _, m := range signClaim.FindAllStringSubmatch(text, -1) {
		found[inSign(pointNames[m[1]], signNames[m[2]])] = m[0]
	}

	for _, m := range houseClaim.FindAllStringSubmatch(text, -1) {
		found[inHouse(pointNames[m[1]], houseNames[m[3]])] = m[0]
	}

	for _, m := range aspectClaim.FindAllStringSubmatch(text, -1) {
		found[linked(pointNames[m[1]], kindNames[strings.ToLower(m[2])], pointNames[m[3]])] = m[0]
	}

	for _, m := range betweenClaim.FindAllStringSubmatch(text, -1) {
		found[linked(pointNames[m[2]], kindNames[strings.ToLower(m[1])], pointNames[m[3]])] = m[0]
	}

	return found
}
