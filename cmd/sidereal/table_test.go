package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestColoursAreForTerminalsThatWantThem(t *testing.T) {
	device, err := os.Open(os.DevNull) // a character device, as terminals are
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()

	plainFile, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer plainFile.Close()

	for name, test := range map[string]struct {
		c    commands
		want bool
	}{
		"a terminal":                {commands{stdout: device}, true},
		"an empty NO_COLOR":         {commands{stdout: device, environment: []string{"NO_COLOR="}}, true},
		"a terminal with NO_COLOR":  {commands{stdout: device, environment: []string{"TERM=xterm", "NO_COLOR=1"}}, false},
		"a terminal without powers": {commands{stdout: device, environment: []string{"TERM=dumb"}}, false},
		"a file":                    {commands{stdout: plainFile}, false},
		"a buffer":                  {commands{stdout: &bytes.Buffer{}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.c.look().colours; got != test.want {
				t.Errorf("want %t, got %t", test.want, got)
			}
		})
	}
}

func TestTablesAlignWideSignsAndColours(t *testing.T) {
	g := grid{columns: []column{{title: "A"}, {title: "B", right: true}, {}}}
	g.add(cell{"♈ x", red}, cell{text: "1"}, cell{})
	g.add(cell{text: "wxyz"}, cell{text: "22"}, cell{text: "end"})

	var plainText, coloured strings.Builder

	g.write(&plainText, look{})
	g.write(&coloured, look{colours: true})

	want := "A      B\n─────────────\n♈ x   1\nwxyz  22  end\n"
	if got := plainText.String(); got != want {
		t.Errorf("want\n%s\ngot\n%s", want, got)
	}

	uncoloured := strings.NewReplacer("\x1b[31m", "", "\x1b[1m", "", "\x1b[2m", "", "\x1b[0m", "").Replace(coloured.String())
	if coloured.String() == want || uncoloured != want {
		t.Errorf("want the same table in colours, got %q", coloured.String())
	}
}
