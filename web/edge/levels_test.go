package edge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// sampleAnswer is a chart with all its facts, as it goes over the line.
func sampleAnswer(t testing.TB) []byte {
	t.Helper()

	text, err := os.ReadFile("../../cmd/sidereal/testdata/golden/albert-einstein.json")
	if err != nil {
		t.Fatal(err)
	}

	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatal(err)
	}

	return b.Bytes()
}

// processorTime is what the process has had of the processors, which others on the machine do not change as they do the time on the clock.
func processorTime(t testing.TB) time.Duration {
	t.Helper()

	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}

	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkLevels measures what each level of each coding costs and brings: the figures behind the ones that are used, in docs/operations.md.
func BenchmarkLevels(b *testing.B) {
	answer := sampleAnswer(b)
	encoders := map[string]encoder{}

	for _, level := range []int{1, 3, 4, 5, 6, 9} {
		encoders[fmt.Sprintf("gzip-%d", level)], _ = gzip.NewWriterLevel(io.Discard, level)
	}

	for _, level := range []int{0, 1, 2, 3, 4, 5, 6} {
		encoders[fmt.Sprintf("br-%d", level)] = brotli.NewWriterLevel(io.Discard, level)
	}

	for _, level := range []zstd.EncoderLevel{zstd.SpeedFastest, zstd.SpeedDefault, zstd.SpeedBetterCompression} {
		encoders["zstd-"+level.String()], _ = zstd.NewWriter(io.Discard, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstdWindow),
			zstd.WithLowerEncoderMem(true))
	}

	for name, e := range encoders {
		b.Run(name, func(b *testing.B) {
			var out bytes.Buffer

			b.ReportAllocs()

			started := processorTime(b)

			for b.Loop() {
				out.Reset()
				e.Reset(&out)
				_, _ = e.Write(answer)
				_ = e.Close()
			}

			b.ReportMetric(float64((processorTime(b)-started).Nanoseconds())/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(out.Len()), "out-bytes")
		})
	}
}
