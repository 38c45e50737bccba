//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"sidereal/bench/process"
)

// startSidereal starts the program over a data folder, with no limit on how many may come from one place, and as an administrator sees it.
func startSidereal(program, data string) (*process.Process, error) {
	p, err := process.Sidereal("Sidereal", program, data, []string{
		"SIDEREAL_MAX_CONNECTIONS=0", "SIDEREAL_MAX_STREAMS=0", "SIDEREAL_MAX_STREAMS_PER_USER=0", "SIDEREAL_MAX_STREAMS_PER_ADDRESS=0",
		"SIDEREAL_RATE_ANONYMOUS_POINTS=0", "SIDEREAL_RATE_POINTS=0",
	})
	if err != nil {
		return nil, err
	}

	if p.Token, err = process.AdminToken(program, data); err != nil {
		p.Stop()

		return nil, err
	}

	return p, nil
}

// bearer is what connection_init and requests say of who asks; empty where nobody is asked.
func bearer(p *process.Process) string {
	if p.Token == "" {
		return ""
	}

	return "Bearer " + p.Token
}

// noticesTo returns what publishes the i-th notice.
func noticesTo(p *process.Process) func(i int) error {
	return func(i int) error {
		body, err := json.Marshal(map[string]any{"query": fmt.Sprintf(
			`mutation { publishSystemNotice(input: {message: "The stars are moved at midnight, number %05d", severity: WARNING}) { __typename } }`, i)})
		if err != nil {
			return err
		}

		return post(p, p.Path, body)
	}
}

// post sends a body and wants it accepted.
func post(p *process.Process, path string, body []byte) error {
	request, err := http.NewRequest(http.MethodPost, "http://"+p.Address+path, bytes.NewReader(body))
	if err != nil {
		return err
	}

	request.Header.Set("Content-Type", "application/json")

	if p.Token != "" {
		request.Header.Set("Authorization", bearer(p))
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()

	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}

	if response.StatusCode >= http.StatusBadRequest || bytes.Contains(answer, []byte(`"errors":`)) {
		return fmt.Errorf("%s: status %d: %.300s", p.Name, response.StatusCode, answer)
	}

	return nil
}
