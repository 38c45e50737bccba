package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"sidereal/bench/process"
	"sidereal/internal/livetest"
)

// ask sends an operation and returns its data.
func ask[T any](p *process.Process, document string, variables map[string]any) (data T, err error) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return data, err
	}

	r, err := http.NewRequest(http.MethodPost, "http://"+p.Address+p.Path, bytes.NewReader(body))
	if err != nil {
		return data, err
	}

	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+p.Token)

	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return data, err
	}
	defer response.Body.Close()

	var answer struct {
		Data   T
		Errors json.RawMessage
	}

	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return data, err
	}

	if len(answer.Errors) > 0 {
		return data, fmt.Errorf("%.500s", answer.Errors)
	}

	return answer.Data, nil
}

// calculate returns the hashes of so many new charts.
func calculate(p *process.Process, n int) ([]string, error) {
	hashes := make([]string, n)
	day := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)

	var clients errgroup.Group

	clients.SetLimit(4)

	for i := range hashes {
		clients.Go(func() error {
			data, err := ask[struct {
				CalculateChart struct{ Chart struct{ Hash string } }
			}](p,
				`mutation Calculate($input: BirthInput!) { calculateChart(input: $input) { chart { hash } } }`,
				map[string]any{"input": map[string]any{
					"date": day.AddDate(0, 0, i*17).Format(time.DateOnly), "time": fmt.Sprintf("%02d:%02d", i*7%24, i*13%60),
					"place": map[string]any{"coordinates": map[string]any{"latitude": i%120 - 60, "longitude": i*37%360 - 180}},
				}})
			hashes[i] = data.CalculateChart.Chart.Hash

			return err
		})
	}

	return hashes, clients.Wait()
}

// request asks for a reading and returns its id.
func request(p *process.Process, hash, detail string) (id string, err error) {
	data, err := ask[struct {
		RequestReading struct{ Reading struct{ ID string } }
	}](p,
		`mutation Request($input: RequestReadingInput!) { requestReading(input: $input) { reading { id } } }`,
		map[string]any{"input": map[string]any{"chartHash": hash, "detail": detail, "engine": "COMPOSED", "regenerate": true}})

	return data.RequestReading.Reading.ID, err
}

func requestAll(p *process.Process, charts []string, detail string, clients int) ([]string, error) {
	ids := make([]string, len(charts))

	var all errgroup.Group

	all.SetLimit(clients)

	for i, hash := range charts {
		all.Go(func() (err error) {
			ids[i], err = request(p, hash, detail)

			return err
		})
	}

	return ids, all.Wait()
}

// told is when a client heard what of a reading.
type told struct{ first, ended time.Time }

// events hears of all readings.
type events struct {
	socket *livetest.Socket
	done   chan struct{}

	mu       sync.Mutex
	cond     *sync.Cond
	readings map[string]*told
	err      error
}

func follow(p *process.Process) (*events, error) {
	s, err := livetest.Open(context.Background(), livetest.Config{Endpoint: "http://" + p.Address + p.Path, Authorization: "Bearer " + p.Token})
	if err != nil {
		return nil, err
	}

	e := &events{socket: s, done: make(chan struct{}), readings: make(map[string]*told)}
	e.cond = sync.NewCond(&e.mu)

	if err := s.Subscribe("1", `subscription { events(types: [READING_SECTION_READY, READING_COMPLETED, READING_FAILED]) { type ... on ReadingEvent { readingId } } }`, nil); err != nil {
		return nil, err
	}

	go e.listen()

	return e, nil
}

func (e *events) listen() {
	defer close(e.done)

	for {
		m, err := e.socket.Next()
		now := time.Now()

		var heard struct {
			Data struct {
				Events struct{ Type, ReadingID string }
			}
		}

		switch {
		case err != nil:
		case m.Type != "next":
			err = fmt.Errorf("%s %s", m.Type, m.Payload)
		default:
			err = json.Unmarshal(m.Payload, &heard)
		}

		e.mu.Lock()
		e.note(heard.Data.Events.Type, heard.Data.Events.ReadingID, now, err)
		e.mu.Unlock()
		e.cond.Broadcast()

		if err != nil {
			return
		}
	}
}

func (e *events) note(kind, id string, now time.Time, err error) {
	if err != nil {
		e.err = err

		return
	}

	t := e.readings[id]
	if t == nil {
		t = &told{first: now}
		e.readings[id] = t
	}

	switch kind {
	case "READING_COMPLETED":
		t.ended = now
	case "READING_FAILED":
		e.err = errors.New("a reading failed")
	}
}

// completed waits for the end of a reading.
func (e *events) completed(id string) (told, error) {
	e.mu.Lock()
	defer e.mu.Unlock()

	for {
		if t := e.readings[id]; t != nil && !t.ended.IsZero() {
			return *t, nil
		}

		if e.err != nil {
			return told{}, e.err
		}

		e.cond.Wait()
	}
}

func (e *events) close() {
	e.socket.Cut()
	<-e.done
}
