package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"sidereal/bench/process"
)

// question is a document with its variables.
type question struct {
	name      string
	document  string
	variables map[string]any
}

// request returns the bytes of the whole request.
func (q question) request(p *process.Process) ([]byte, error) {
	body, err := json.Marshal(map[string]any{"query": q.document, "variables": q.variables})
	if err != nil {
		return nil, err
	}

	token := ""
	if p.Token != "" {
		token = "Authorization: Bearer " + p.Token + "\r\n"
	}

	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: application/json\r\n%sContent-Length: %d\r\n\r\n",
		p.Path, p.Address, token, len(body))

	return append([]byte(head), body...), nil
}

// connection is a kept-alive connection.
type connection struct {
	net.Conn

	in     *bufio.Reader
	answer bytes.Buffer
}

func dial(p *process.Process) (*connection, error) {
	c, err := net.Dial("tcp", p.Address)
	if err != nil {
		return nil, err
	}

	return &connection{Conn: c, in: bufio.NewReaderSize(c, 1<<16)}, nil
}

// ask sends a request and returns the answer's body, which holds until the next one.
func (c *connection) ask(request []byte) ([]byte, error) {
	if _, err := c.Write(request); err != nil {
		return nil, err
	}

	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()

	c.answer.Reset()

	if _, err := io.Copy(&c.answer, response.Body); err != nil {
		return nil, err
	}

	answer := c.answer.Bytes()
	if response.StatusCode != http.StatusOK || !bytes.HasPrefix(answer, []byte(`{"data":`)) || bytes.Contains(answer, []byte(`"errors":`)) {
		return nil, fmt.Errorf("status %d: %.300s", response.StatusCode, answer)
	}

	return answer, nil
}

// once asks a single time.
func once(p *process.Process, q question) ([]byte, error) {
	request, err := q.request(p)
	if err != nil {
		return nil, err
	}

	c, err := dial(p)
	if err != nil {
		return nil, err
	}
	defer c.Close()

	answer, err := c.ask(request)
	if err != nil {
		return nil, fmt.Errorf("%s, %s: %w", p.Name, q.name, err)
	}

	return slices.Clone(answer), nil
}

// round is what was measured of a server while it was asked one question for a while.
type round struct {
	rate      float64       // answers a second
	processor time.Duration // of the server, an answer
	p50       time.Duration
	client    float64 // the client's share of its core
}

// load asks for a while over several connections, each of which has one request under way.
func load(p *process.Process, q question, connections int, during time.Duration) (round, error) {
	request, err := q.request(p)
	if err != nil {
		return round{}, err
	}

	before, err := p.ProcessorTime()
	if err != nil {
		return round{}, err
	}

	own, err := process.ProcessorTime(os.Getpid())
	if err != nil {
		return round{}, err
	}

	var group errgroup.Group

	took := make([][]time.Duration, connections)
	began := time.Now()

	for i := range connections {
		group.Go(func() error {
			c, err := dial(p)
			if err != nil {
				return err
			}
			defer c.Close()

			for time.Since(began) < during {
				sent := time.Now()

				if _, err := c.ask(request); err != nil {
					return fmt.Errorf("%s, %s: %w", p.Name, q.name, err)
				}

				took[i] = append(took[i], time.Since(sent))
			}

			return nil
		})
	}

	if err := group.Wait(); err != nil {
		return round{}, err
	}

	elapsed := time.Since(began)
	all := slices.Sorted(slices.Values(slices.Concat(took...)))

	after, err := p.ProcessorTime()
	if err != nil {
		return round{}, err
	}

	ownAfter, err := process.ProcessorTime(os.Getpid())
	if err != nil {
		return round{}, err
	}

	return round{
		rate:      float64(len(all)) / elapsed.Seconds(),
		processor: (after - before) / time.Duration(len(all)),
		p50:       all[len(all)/2],
		client:    (ownAfter - own).Seconds() / elapsed.Seconds(),
	}, nil
}
