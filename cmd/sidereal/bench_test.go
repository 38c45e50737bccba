package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"sidereal/internal/everyfield"
)

// BenchmarkChart answers a chart with all its facts, and a page of charts with positions and aspects, as a client asks for them but without the network.
func BenchmarkChart(b *testing.B) {
	facts := selectionOf(b, "Chart", "transits", "transitWheel", "lunarReturn", "wheel", "famousMatches")
	page := "{ charts(first: 50) { nodes { hash positions " + selectionOf(b, "Position") + "aspects " + selectionOf(b, "Aspect") + "} } }"

	handler, hash := benchHandler(b)

	for name, document := range map[string]string{"AllFacts": `{ chart(hash: "` + hash + `") ` + facts + "}", "PageOf50": page, "Typename": "{ __typename }"} {
		b.Run(name, func(b *testing.B) {
			body := mustJSON(b, map[string]any{"query": document})

			b.ReportAllocs()

			for b.Loop() {
				if answer := answerOf(handler, body); !bytes.HasPrefix(answer, []byte(`{"data":`)) || bytes.Contains(answer, []byte(`"errors":`)) {
					b.Fatalf("%.300s", answer)
				}
			}
		})
	}
}

// benchHandler returns what answers requests, with charts calculated, and the hash of one.
func benchHandler(b *testing.B) (handler http.Handler, hash string) {
	b.Helper()

	cfg, err := readConfig([]string{"SIDEREAL_DATA_DIR=" + b.TempDir(), "SIDEREAL_JWT_KEY=" + testKey})
	if err != nil {
		b.Fatal(err)
	}

	a, err := newApp(b.Context(), cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		b.Fatal(err)
	}

	b.Cleanup(func() { _ = a.Close() })

	for year := range 50 {
		hash = hashOf(b, a.handler, fmt.Sprintf("%d-03-21", 1950+year))
	}

	return a.handler, hash
}

func selectionOf(b *testing.B, typeName string, except ...string) string {
	b.Helper()

	fields, err := everyfield.Selection("../../schema.graphqls", typeName, except...)
	if err != nil {
		b.Fatal(err)
	}

	return fields
}

// hashOf calculates the chart of a birth and returns its hash.
func hashOf(b *testing.B, handler http.Handler, date string) string {
	b.Helper()

	var answer struct {
		Data struct {
			CalculateChart struct{ Chart struct{ Hash string } }
		}
	}

	text := answerOf(handler, mustJSON(b, map[string]any{"query": `mutation { calculateChart(input: {date: "` + date + `", time: "10:30",
		place: {coordinates: {latitude: 48.2, longitude: 16.4, timeZone: "Europe/Vienna"}}}) { chart { hash } } }`}))
	if err := json.Unmarshal(text, &answer); err != nil {
		b.Fatal(err)
	}

	return answer.Data.CalculateChart.Chart.Hash
}

func mustJSON(b *testing.B, v any) []byte {
	b.Helper()

	text, err := json.Marshal(v)
	if err != nil {
		b.Fatal(err)
	}

	return text
}

func answerOf(handler http.Handler, body []byte) []byte {
	request := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")

	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	answer, _ := io.ReadAll(recorder.Body)

	return answer
}
