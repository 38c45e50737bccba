package main

import (
	"math"
	"testing"
)

// A derived chart is stored by its birth, under the hash that it had.
func TestADavisonChartCanBeStored(t *testing.T) {
	s := start(t, embedded(t))
	a, b := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash, s.calculate(t, "1985-07-03", "22:10:01").CalculateChart.Chart.Hash

	var got struct {
		Davison, Other struct {
			Hash, CalculatedAt string
			Birth              struct {
				Date, Time, TimeZone string
				Latitude, Longitude  float64
			}
		}
	}

	s.post(t, `query($a: ChartHash!, $b: ChartHash!) {
		davison(a: $a, b: $b) { hash calculatedAt birth { date time timeZone latitude longitude } }
		other: davison(a: $b, b: $a, place: ARITHMETIC) { hash } }`, map[string]any{"a": a, "b": b}).into(t, &got)

	at := got.Davison.Birth
	if at.Date != "1987-10-10" || math.Abs(at.Latitude-40.7128) > 1e-4 || got.Other.Hash != got.Davison.Hash || got.Davison.CalculatedAt == "" {
		t.Errorf("unexpected: %+v", got)
	}

	var none struct{ Chart *struct{ Hash string } }

	if s.onChart(t, got.Davison.Hash, "hash").into(t, &none); none.Chart != nil {
		t.Error("the Davison chart is stored")
	}

	var made calculated

	s.post(t, calculate, map[string]any{"birth": map[string]any{"date": at.Date, "time": at.Time, "place": map[string]any{
		"coordinates": map[string]any{"latitude": at.Latitude, "longitude": at.Longitude, "timeZone": at.TimeZone},
	}}}).into(t, &made)

	if c := made.CalculateChart; !c.Created || c.Chart.Hash != got.Davison.Hash {
		t.Errorf("want the hash %s, got %+v", got.Davison.Hash, c)
	}
}

type pairAspect struct {
	First, Second, Kind string
	Orb, Uncertainty    float64
}

func TestTwoChartsTogether(t *testing.T) {
	s := start(t, embedded(t))
	a, b := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash, s.calculate(t, "1985-07-03", nil).CalculateChart.Chart.Hash

	type synastry struct {
		A, B       struct{ Hash string }
		Aspects    []pairAspect
		AInB, BInA []struct {
			Body  string
			House int
		}
		Score struct {
			Value, Raw, Harmony, Tension float64
			Items                        []struct {
				Contribution float64
				Reason       string
				Aspect       *pairAspect
				AInB, BInA   *struct{ House int }
			}
		}
		Omissions []string
	}

	var got struct {
		Synastry, Swapped synastry
		Composite         struct {
			A, B      struct{ Hash string }
			Ascendant *struct{ Longitude float64 }
			Houses    *struct{ Cusps []struct{ House int } }
			Notes     []string
			Positions []struct {
				Body  string
				House *int
			}
			Aspects []pairAspect
		}
	}

	s.post(t, `query($a: ChartHash!, $b: ChartHash!) { synastry(a: $a, b: $b) { ...all } swapped: synastry(a: $b, b: $a) { ...all }
		composite(a: $a, b: $b) { a { hash } b { hash } ascendant { longitude } houses { cusps { house } } notes positions { body house } aspects { first second kind orb uncertainty } } }
		fragment all on Synastry { a { hash } b { hash } aspects { first second kind orb uncertainty } aInB { body house } bInA { body house }
			score { value raw harmony tension items { contribution reason aspect { first second kind orb } aInB { house } bInA { house } } } omissions }`,
		map[string]any{"a": a, "b": b}).into(t, &got)

	x, y := got.Synastry, got.Swapped
	if x.A.Hash != a || x.B.Hash != b || len(x.Aspects) == 0 || len(x.Aspects) != len(y.Aspects) || x.Score.Value != y.Score.Value {
		t.Errorf("a synastry and the one of the swapped charts do not agree: %+v, %+v", x.Score, y.Score)
	}

	if x.AInB != nil || len(x.BInA) != 12 || len(x.Omissions) != 1 || x.Score.Value < 0 || x.Score.Value > 100 {
		t.Errorf("the time of the second is unknown, but there is: %+v", x)
	}

	sum := 0.0

	for _, i := range x.Score.Items {
		sum += i.Contribution

		if i.Reason == "" || (i.Aspect == nil) == (i.BInA == nil) || i.AInB != nil {
			t.Errorf("unexpected: %+v", i)
		}
	}

	if math.Abs(sum-x.Score.Raw) > 1e-9 || math.Abs(x.Score.Harmony+x.Score.Tension-x.Score.Raw) > 1e-9 {
		t.Errorf("the items sum up to %f, the score is %+v", sum, x.Score)
	}

	if c := got.Composite; c.A.Hash != a || c.Ascendant != nil || c.Houses != nil || len(c.Notes) == 0 || len(c.Positions) != 20 || c.Positions[0].House != nil || len(c.Aspects) == 0 {
		t.Errorf("the composite: %+v", c)
	}
}
