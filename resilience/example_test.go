package resilience_test

import (
	"context"
	"errors"
	"fmt"

	"sidereal/resilience"
)

// A call that has something to fall back on.
func ExampleDo() {
	registry := resilience.New(resilience.Config{Changed: func(c resilience.Change) { fmt.Println(c.Dependency, c.To, c.Why) }})

	model, err := registry.Add("model", resilience.Policy{Tries: 1, MinCalls: 2})
	if err != nil {
		panic(err)
	}

	for range 3 {
		text, err := resilience.Do(context.Background(), model, func(context.Context) (string, error) {
			return "", &resilience.StatusError{Status: 503}
		})
		if err != nil {
			text = "the built-in text"
		}

		fmt.Println(text, errors.Is(err, resilience.ErrOpen))
	}

	if err := registry.Stop(context.Background()); err != nil {
		panic(err)
	}

	// Unordered output:
	// the built-in text false
	// the built-in text false
	// the built-in text true
	// model OPEN 2 of 2 calls failed, the last one: status 503 Service Unavailable
}
