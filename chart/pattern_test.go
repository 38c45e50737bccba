package chart

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sidereal/ephemeris"
)

// crowded returns a chart whose bodies stand within some degrees of multiples of 30 degrees, where figures are frequent.
func crowded(random *rand.Rand) *Chart {
	c := &Chart{}
	for _, b := range mainBodies {
		c.bodies[b] = ephemeris.Position{Longitude: Normalize(float64(30*random.IntN(12)) + 4*random.NormFloat64()), LongitudeSpeed: 1}
	}

	return c
}

// figures are what each kind is by definition: the aspects between the bodies in some order, of which the last is the focal one where there is one.
var figures = map[PatternKind]struct {
	bodies  int
	focal   bool
	aspects map[[2]int]AspectKind
}{
	TSquare:    {3, true, map[[2]int]AspectKind{{0, 1}: Opposition, {0, 2}: Square, {1, 2}: Square}},
	GrandTrine: {3, false, map[[2]int]AspectKind{{0, 1}: Trine, {0, 2}: Trine, {1, 2}: Trine}},
	GrandCross: {4, false, map[[2]int]AspectKind{
		{0, 1}: Opposition, {2, 3}: Opposition, {0, 2}: Square, {0, 3}: Square, {1, 2}: Square, {1, 3}: Square,
	}},
	Yod: {3, true, map[[2]int]AspectKind{{0, 1}: Sextile, {0, 2}: Quincunx, {1, 2}: Quincunx}},
	Kite: {4, true, map[[2]int]AspectKind{
		{0, 1}: Trine, {0, 2}: Trine, {1, 2}: Trine, {3, 0}: Opposition, {3, 1}: Sextile, {3, 2}: Sextile,
	}},
	MysticRectangle: {4, false, map[[2]int]AspectKind{
		{0, 1}: Opposition, {2, 3}: Opposition, {0, 2}: Sextile, {1, 3}: Sextile, {0, 3}: Trine, {1, 2}: Trine,
	}},
}

// bruteForce tries every order of the bodies for every figure.
func bruteForce(aspects []Aspect) map[string]bool {
	between := map[[2]Body]AspectKind{}
	for _, a := range aspects {
		between[[2]Body{a.First, a.Second}], between[[2]Body{a.Second, a.First}] = a.Kind, a.Kind
	}

	found := map[string]bool{}

	for kind, figure := range figures {
		orders(figure.bodies, nil, func(order []Body) {
			for pair, want := range figure.aspects {
				if got, ok := between[[2]Body{order[pair[0]], order[pair[1]]}]; !ok || got != want {
					return
				}
			}

			focal := order[len(order)-1]
			found[patternKey(kind, slices.Sorted(slices.Values(order)), focal, figure.focal)] = true
		})
	}

	return found
}

// orders calls use with every order of n different main bodies.
func orders(n int, chosen []Body, use func([]Body)) {
	if len(chosen) == n {
		use(chosen)

		return
	}

	for _, b := range mainBodies {
		if !slices.Contains(chosen, b) {
			orders(n, append(chosen[:len(chosen):len(chosen)], b), use)
		}
	}
}

func patternKey(kind PatternKind, bodies []Body, focal Body, hasFocal bool) string {
	if !hasFocal {
		return fmt.Sprint(kind, bodies)
	}

	return fmt.Sprint(kind, bodies, focal)
}

func TestPatternsAreThoseOfEveryOrderOfBodies(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 14))
	met := map[PatternKind]int{}

	for range 400 {
		c := crowded(random)
		want := bruteForce(c.Aspects(StandardOrbs()))
		got := map[string]bool{}

		for _, p := range c.Patterns(Tropical, Placidus) {
			if p.Kind == SignStellium {
				continue
			}

			key := patternKey(p.Kind, p.Bodies, p.Focal, p.HasFocal)
			if got[key] {
				t.Errorf("%s is listed twice", key)
			}

			got[key] = true
			met[p.Kind]++
		}

		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("by brute force (-) and by the search (+):\n%s", diff)
		}
	}

	for kind := range figures {
		if met[kind] < 20 {
			t.Errorf("%s was met %d times only", kind, met[kind])
		}
	}
}

// standing returns a chart with bodies at given longitudes; all others are far from any place of a figure.
func standing(longitudes map[Body]float64) *Chart {
	c := &Chart{}
	for _, b := range mainBodies {
		c.bodies[b].Longitude = 20 // in conjunction with each other, at the middle between aspects with what stands on multiples of 30
	}

	for b, longitude := range longitudes {
		c.bodies[b].Longitude = longitude
	}

	return c
}

func only(patterns []Pattern, kind PatternKind) []Pattern {
	return slices.DeleteFunc(slices.Clone(patterns), func(p Pattern) bool { return p.Kind != kind })
}

func TestPatternsNameFocalBodyElementAndModality(t *testing.T) {
	tests := []struct {
		name string
		at   map[Body]float64
		want Pattern
	}{
		{
			"a T-Square in cardinal signs points at the body between",
			map[Body]float64{Mars: 1, Venus: 181, Pluto: 91},
			Pattern{Kind: TSquare, Bodies: []Body{Venus, Mars, Pluto}, Focal: Pluto, HasFocal: true, Element: MixedElement, Modality: Cardinal},
		},
		{
			"a T-Square out of sign is of mixed modality",
			map[Body]float64{Mars: 1, Venus: 179, Pluto: 91},
			Pattern{Kind: TSquare, Bodies: []Body{Venus, Mars, Pluto}, Focal: Pluto, HasFocal: true, Element: MixedElement, Modality: MixedModality},
		},
		{
			"a Grand Trine in water has no focal body",
			map[Body]float64{Mercury: 94, Saturn: 215, Neptune: 334},
			Pattern{Kind: GrandTrine, Bodies: []Body{Mercury, Saturn, Neptune}, Element: Water, Modality: MixedModality},
		},
		{
			"a Kite has the element of its Grand Trine",
			map[Body]float64{Mercury: 94, Saturn: 214, Neptune: 334, TrueNode: 154},
			Pattern{Kind: Kite, Bodies: []Body{Mercury, Saturn, Neptune, TrueNode}, Focal: TrueNode, HasFocal: true, Element: Water, Modality: MixedModality},
		},
		{
			"a Yod points at the body in quincunx to the sextile",
			map[Body]float64{Chiron: 5, Mars: 65, Saturn: 215},
			Pattern{Kind: Yod, Bodies: []Body{Mars, Saturn, Chiron}, Focal: Saturn, HasFocal: true, Element: MixedElement, Modality: MixedModality},
		},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := only(standing(tt.at).Patterns(Tropical, Placidus), tt.want.Kind)
			if len(got) != 1 {
				t.Fatalf("want one %s, got %v", tt.want.Kind, got)
			}

			got[0].set = 0
			if diff := cmp.Diff(tt.want, got[0], cmp.AllowUnexported(Pattern{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPartsOfLargerPatternsAreMarked(t *testing.T) {
	cross := standing(map[Body]float64{Mars: 1, Venus: 181, Pluto: 91, Saturn: 271}).Patterns(Tropical, Placidus)
	if len(only(cross, GrandCross)) != 1 || len(only(cross, TSquare)) != 4 {
		t.Errorf("want a Grand Cross with its four T-Squares, got %v", cross)
	}

	for _, p := range cross {
		if want := p.Kind == TSquare; p.PartOfLarger != want {
			t.Errorf("%s of %v: want part of a larger pattern %t", p.Kind, p.Bodies, want)
		}
	}

	kite := standing(map[Body]float64{Mercury: 94, Saturn: 214, Neptune: 334, TrueNode: 154}).Patterns(Tropical, Placidus)
	if trine := only(kite, GrandTrine); len(trine) != 1 || !trine[0].PartOfLarger {
		t.Errorf("want a Grand Trine marked as part of the Kite, got %v", kite)
	}
}

func TestStelliaHaveAllBodiesOfTheSign(t *testing.T) {
	stellia := only(standing(map[Body]float64{Sun: 259, Mercury: 262, Mars: 265, Pluto: 100}).Patterns(Tropical, Placidus), SignStellium)
	if len(stellia) != 2 || len(stellia[1].Bodies) != 8 {
		t.Fatalf("want a stellium in Sagittarius and one of the other eight in Aries, got %v", stellia)
	}

	want := Pattern{Kind: SignStellium, Bodies: []Body{Sun, Mercury, Mars}, Element: Fire, Modality: Mutable, Sign: Sagittarius, set: setOf(Sun, Mercury, Mars)}
	if diff := cmp.Diff(want, stellia[0], cmp.AllowUnexported(Pattern{})); diff != "" {
		t.Error(diff)
	}
}
