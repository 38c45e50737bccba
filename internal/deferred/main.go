// Command deferred is the third step of go generate: it mends what the executor that gqlgen wrote does with @defer.
//
//	go run ./internal/deferred FILE…
//
// As gqlgen writes it, a deferred field is null in the first part of an answer, where it has to be left out; what a mutation defers never comes; and
// once the time of an operation has run out the executor may wait for ever for a result that nobody sends any more. The program puts calls of graph/deferred.go in
// those places, and fails when it does not find them.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "deferred:", err)
		os.Exit(1)
	}
}

// mend is a text of the executor and what takes its place.
type mend struct{ from, to string }

var mends = []mend{
	{
		"out.ResolveConcurrently(ec.OperationContext, &deferred, i,",
		"resolveConcurrently(out, ec.OperationContext, &fields[i], &deferred, i,",
	},
	{
		"		ec.ProcessDeferredGroup(deferred)\n	}\n",
		"		ec.ProcessDeferredGroup(deferred)\n\n		return onTime(fields, out)\n	}\n",
	},
	{
		`				if atomic.LoadInt32(&ec.PendingDeferred) > 0 {
					result := <-ec.DeferredResults
					atomic.AddInt32(&ec.PendingDeferred, -1)
`,
		`				if result, ok := ec.receive(ctx); ok {
`,
	},
}

var errForm = errors.New("the executor has another form than expected")

func run(paths []string) error {
	texts, found := make([]string, len(paths)), make([]bool, len(mends)+1)

	for i, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}

		texts[i] = string(text)

		for m, mend := range mends {
			found[m] = found[m] || strings.Contains(texts[i], mend.from)
			texts[i] = strings.ReplaceAll(texts[i], mend.from, mend.to)
		}

		var mutations bool

		texts[i], mutations = mendMutations(texts[i])
		found[len(mends)] = found[len(mends)] || mutations
	}

	for m, ok := range found {
		if !ok {
			return fmt.Errorf("%w: place %d is not there", errForm, m)
		}
	}

	for i, path := range paths {
		if err := os.WriteFile(path, []byte(texts[i]), 0o600); err != nil {
			return err
		}
	}

	return nil
}

// mendMutations lets mutations be answered in parts, by the code that does it for queries.
func mendMutations(text string) (mended string, ok bool) {
	const query, mutation, subscription = "	case ast.Query:\n", "	case ast.Mutation:\n", "	case ast.Subscription:\n"

	before, rest, _ := strings.Cut(text, query)
	forQueries, rest, _ := strings.Cut(rest, mutation)
	_, after, ok := strings.Cut(rest, subscription)

	if !ok || strings.Count(forQueries, "ec._Query(") != 1 {
		return text, false
	}

	return before + query + forQueries + mutation + strings.Replace(forQueries, "ec._Query(", "ec._Mutation(", 1) + subscription + after, true
}
