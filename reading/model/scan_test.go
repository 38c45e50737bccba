package model

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTheScannerFindsTheTexts(t *testing.T) {
	for name, c := range map[string]struct{ answer, want string }{
		"sentences and paragraphs": {
			`{"title":"T","paragraphs":[{"sentences":[{"text":"A b.","because":["f1"]},{"because":["text"],"text":"C."}]},{"sentences":[{"text":"D."}]}]}`, "A b. C.\n\nD.",
		},
		"talk before and after":    {"Sure:\n```json\n" + `{"paragraphs":[{"sentences":[{"text":"A."}]}]}` + "\n``` {\"text\":\"no\"}", "A."},
		"escapes":                  {`{"paragraphs":[{"sentences":[{"text":"\"q\" \\ \/ \u00e9 \ud83c\udf1e é 🌞."}]}]}`, `"q" \ / é 🌞 é 🌞.`},
		"halves of pairs":          {`{"paragraphs":[{"sentences":[{"text":"\ud83ca\udf1e \ud83c\ud83c\udf1e"}]}]}`, "\ufffda\ufffd \ufffd🌞"},
		"white space is one space": {`{"paragraphs":[{"sentences":[{"text":"  A\n\n b\t. "},{"text":" "},{"text":"C."}]}]}`, "A b . C."},
		"names by number":          {`{"p\u0061ragraphs":[{"sentences":[{"text":"A."}]}]}`, "A."},
		"texts elsewhere":          {`{"text":"no","x":{"paragraphs":[{"sentences":[{"text":"no"}]}]},"paragraphs":[{"text":"no","sentences":["no",{"text":["no"],"x":"no"},{"text":"A."}]}]}`, "A."},
	} {
		var whole scanner

		whole.write(c.answer)

		if got := whole.text(); got != c.want {
			t.Errorf("%s: want %q, got %q", name, c.want, got)
		}

		var (
			bytewise scanner
			pieces   strings.Builder
		)

		for i := range len(c.answer) {
			pieces.WriteString(bytewise.write(c.answer[i : i+1]))
		}

		if got := pieces.String(); got != c.want {
			t.Errorf("%s, byte by byte: want %q, got %q", name, c.want, got)
		}
	}
}

// FuzzScanner holds the scanner to encoding/json, wherever the answer is cut.
func FuzzScanner(f *testing.F) {
	f.Add(`{"title":"T","paragraphs":[{"sentences":[{"text":"A é\ud83c\udf1e.","because":["f1"]},{"text":"B\n\"."}]},{"sentences":[{"text":"C"}]}]}`, uint8(3))
	f.Add(`{"paragraphs":[{"sentences":[{"text":"\ud83c\ud83c\udf1e\u0041","text":{"text":"x"}}]},[{"sentences":[]}]],"paragraphs":{}}`, uint8(1))
	f.Add("x {\"p\\u0061ragraphs\":[{\"sentences\":[{\"text\":\"\xf0\x9f\xffa\"}]}]} y", uint8(2))
	f.Fuzz(func(t *testing.T, answer string, step uint8) {
		var (
			whole, cut scanner
			pieces     strings.Builder
		)

		all := whole.write(answer)

		for rest := answer; rest != ""; {
			n := min(int(step)+1, len(rest))
			pieces.WriteString(cut.write(rest[:n]))
			rest = rest[n:]
		}

		if all != pieces.String() || all != whole.text() {
			t.Fatalf("want the same wherever it is cut, got %q and %q", all, pieces.String())
		}

		if trimmed := strings.TrimLeft(answer, " \t\r\n"); strings.HasPrefix(trimmed, "{") && json.Valid([]byte(answer)) {
			if want := texts(t, answer); all != want {
				t.Fatalf("want %q, as encoding/json has it, got %q", want, all)
			}
		}
	})
}

// walker reads the texts of an answer from the tokens of encoding/json.
type walker struct {
	*json.Decoder

	paragraphs [][]string
}

func texts(t *testing.T, answer string) string {
	t.Helper()

	w := walker{Decoder: json.NewDecoder(strings.NewReader(answer))}
	if err := w.value(nil); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}

	var told []string

	for _, p := range w.paragraphs {
		var sentences []string

		for _, s := range p {
			if words := strings.Fields(s); len(words) > 0 {
				sentences = append(sentences, strings.Join(words, " "))
			}
		}

		if len(sentences) > 0 {
			told = append(told, strings.Join(sentences, " "))
		}
	}

	return strings.Join(told, "\n\n")
}

func (w *walker) value(path []string) error {
	token, err := w.Token()
	if err != nil {
		return err
	}

	at := strings.Join(path, "/") // names are quoted, the items of an array are *

	switch token {
	case json.Delim('{'):
		if at == `"paragraphs"/*` {
			w.paragraphs = append(w.paragraphs, nil)
		}

		for w.More() {
			name, err := w.Token()
			if err != nil {
				return err
			}

			if err := w.value(append(slices.Clip(path), strconv.Quote(name.(string)))); err != nil {
				return err
			}
		}

		_, err = w.Token()
	case json.Delim('['):
		for w.More() {
			if err := w.value(append(slices.Clip(path), "*")); err != nil {
				return err
			}
		}

		_, err = w.Token()
	default:
		if text, ok := token.(string); ok && at == `"paragraphs"/*/"sentences"/*/"text"` && len(w.paragraphs) > 0 {
			w.paragraphs[len(w.paragraphs)-1] = append(w.paragraphs[len(w.paragraphs)-1], text)
		}
	}

	return err
}
