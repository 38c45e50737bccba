package wheel

import (
	"bytes"
	"testing"
)

func BenchmarkDraw(b *testing.B) {
	c := sample(b)

	for b.Loop() {
		if _, err := Draw(c, Options{Size: 800}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDrawPair(b *testing.B) {
	c, other := sample(b), cast(b, birthAt(b, "1962-02-05 00:10", 28.6, 77.2))

	for b.Loop() {
		if _, err := DrawPair(c, other, Options{Size: 800}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	picture, err := Compose(sample(b), Options{Size: 800})
	if err != nil {
		b.Fatal(err)
	}

	for b.Loop() {
		if err := picture.WritePNG(&bytes.Buffer{}); err != nil {
			b.Fatal(err)
		}
	}
}
