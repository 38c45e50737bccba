package model

import (
	"testing"

	"sidereal/reading"
)

// BenchmarkCheck is what the longest section costs besides the model: its prompt, its text while it comes, and its check.
func BenchmarkCheck(b *testing.B) {
	a := assignments(b, cast(b, birth), reading.Options{Detail: reading.Comprehensive})[reading.Houses]

	p, err := loadPrompts()
	if err != nil {
		b.Fatal(err)
	}

	text := ""
	for _, paragraph := range a.Source.Paragraphs {
		for _, s := range paragraph.Sentences {
			text += s.Text + " "
		}
	}

	got := sayings(text[:len(text)/2], text[len(text)/2:])

	for b.Loop() {
		task, err := newTask(&a)
		if err != nil {
			b.Fatal(err)
		}

		_ = p.messages(task)

		var s scanner

		s.write(got.text)
		task.check(got)
		claimsOf(text)
	}
}
