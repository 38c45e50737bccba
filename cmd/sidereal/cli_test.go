package main

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"sidereal": func() { os.Exit(run(context.Background(), os.Args, os.Environ(), os.Stdout, os.Stderr)) },
	})
}

// The scripts under testdata/script use the program as a person at a terminal would.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true})
}
