package people

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxRecordBytes = 64 << 10 // of a row, quotes and all
	maxRecordLines = 50       // that the quoted fields of a row may run over
)

// Reasons that a row is no row.
var (
	errRowTooLong = errors.New("the row is longer than 64 KiB")
	errQuotes     = errors.New("the quotes do not match")
	errNotText    = errors.New("the row is not UTF-8 text")
)

// records reads the rows of a CSV file one by one in bounded memory, and goes on behind a bad one: at the next line, so that a lost quote does not
// swallow the rest.
type records struct {
	in      *bufio.Reader
	pending []string // lines that were read but belong to a later row
	line    int      // of the first pending line, or of the next one to be read; from 1
}

func newRecords(r io.Reader) *records {
	in := bufio.NewReaderSize(r, maxRecordBytes)
	if mark, err := in.Peek(3); err == nil && bytes.Equal(mark, []byte("\xEF\xBB\xBF")) {
		_, _ = in.Discard(len(mark))
	}

	return &records{in: in, line: 1}
}

// next returns the fields of the next row that is not empty, and the number of its first line. A bad row has a reason in bad; err is io.EOF at the
// end, or what reading failed with.
func (r *records) next() (fields []string, line int, bad, err error) {
	for {
		line = r.line

		text, lines, bad, err := r.gather()
		r.line += lines

		if err != nil || bad != nil {
			return nil, line, bad, err
		}

		if strings.TrimSpace(text) == "" {
			continue
		}

		if !isText(text) {
			return nil, line, errNotText, nil
		}

		parser := csv.NewReader(strings.NewReader(text))
		parser.LazyQuotes = true // a nickname in bare quotes is common dirt

		fields, parseErr := parser.Read()
		if parseErr != nil {
			return nil, line, errQuotes, nil
		}

		return fields, line, nil, nil
	}
}

// gather returns the text of one row, and over how many lines it runs: as many as it takes for the quotes to be even.
func (r *records) gather() (text string, lines int, bad, err error) {
	var row strings.Builder

	for lines < maxRecordLines {
		next, tooLong, err := r.lineAt(lines)

		switch {
		case errors.Is(err, io.EOF) && lines > 0:
			return "", r.giveUp(), errQuotes, nil
		case err != nil:
			return "", 0, nil, err
		case tooLong && lines == 0:
			r.pending = r.pending[1:]

			return "", 1, errRowTooLong, nil
		case tooLong, row.Len()+len(next) > maxRecordBytes:
			return "", r.giveUp(), errQuotes, nil
		}

		lines++

		row.WriteString(next)

		if strings.Count(row.String(), `"`)%2 == 0 {
			r.pending = r.pending[lines:]

			return row.String(), lines, nil, nil
		}
	}

	return "", r.giveUp(), errQuotes, nil
}

// giveUp drops the first pending line only; the others are tried as rows of their own.
func (r *records) giveUp() int {
	r.pending = r.pending[1:]

	return 1
}

// tooLongLine stands in pending for a line that was not kept.
const tooLongLine = "\x00"

// lineAt returns the i-th pending line with its end, reading it when it is not there yet.
func (r *records) lineAt(i int) (line string, tooLong bool, err error) {
	if i == len(r.pending) {
		raw, err := r.in.ReadSlice('\n')

		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			line = tooLongLine

			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = r.in.ReadSlice('\n')
			}
		case len(raw) == 0 && err != nil:
			return "", false, err
		default:
			line = string(raw)
		}

		if err != nil && !errors.Is(err, io.EOF) {
			return "", false, err
		}

		r.pending = append(r.pending, line)
	}

	return r.pending[i], r.pending[i] == tooLongLine, nil
}

// isText says whether text is UTF-8 without control characters other than tabs and line ends.
func isText(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r'
	})
}
