package main

import (
	"bytes"
	"testing"

	"sidereal/internal/everyfield"
)

// BenchmarkChart answers a chart with all its facts, and a page of charts with positions and aspects, as a client asks for them but without the network.
func BenchmarkChart(b *testing.B) {
	facts := selectionOf(b, "Chart", "transits", "transitWheel", "lunarReturn", "wheel", "famousMatches")
	page := "{ charts(first: 50) { nodes { hash positions " + selectionOf(b, "Position") + "aspects " + selectionOf(b, "Aspect") + "} } }"

	a := newAnswerer(b)
	hash := a.goldenHashes(b)[0]
	admin := administrator(b) // who may ask for a page of charts

	for name, document := range map[string]string{"AllFacts": `{ chart(hash: "` + hash + `") ` + facts + "}", "Page": page, "Typename": "{ __typename }"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()

			for b.Loop() {
				if answer := a.ask(b.Context(), document, nil, admin...); !bytes.HasPrefix(answer, []byte(`{"data":`)) || bytes.Contains(answer, []byte(`"errors":`)) {
					b.Fatalf("%.300s", answer)
				}
			}
		})
	}
}

func selectionOf(b *testing.B, typeName string, except ...string) string {
	b.Helper()

	fields, err := everyfield.Selection("../../schema.graphqls", typeName, except...)
	if err != nil {
		b.Fatal(err)
	}

	return fields
}
