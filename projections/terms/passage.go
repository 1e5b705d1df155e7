package terms

import (
	"slices"
	"unicode/utf8"
)

// Part is a piece of a passage; Found tells that it is what was looked for.
type Part struct {
	Text  string
	Found bool
}

const (
	// passageBefore and passageLength bound a passage, in characters.
	passageBefore = 24
	passageLength = 120
)

// span is a stretch of bytes.
type span struct{ start, end int }

// Passage returns the part of the text where the query is found first, cut to
// some 120 characters, and how many of its phrases are found in the text. Put
// together again the parts are a piece of the text, unchanged.
func (q Query) Passage(text string) (parts []Part, phrases int) {
	found, phrases := q.spans(text)
	from := 0
	if len(found) > 0 {
		from = back(text, found[0].start, passageBefore)
	}
	to := forth(text, from, passageLength)
	at := from
	for _, s := range found {
		if s.start < at || s.end > to {
			continue
		}
		if at < s.start {
			parts = append(parts, Part{Text: text[at:s.start]})
		}
		parts = append(parts, Part{text[s.start:s.end], true})
		at = s.end
	}
	if at < to {
		parts = append(parts, Part{Text: text[at:to]})
	}
	return parts, phrases
}

// spans returns where the phrases stand, in order and without overlaps, and
// how many of the phrases stand somewhere.
func (q Query) spans(text string) (out []span, phrases int) {
	cut := Cut(text)
	for _, p := range q {
		met := false
		for i := range cut {
			n := p.at(cut, i)
			if n == 0 {
				continue
			}
			met = true
			out = append(out, p.span(cut[i:i+n], text))
		}
		if met {
			phrases++
		}
	}
	slices.SortFunc(out, func(a, b span) int { return a.start - b.start })
	joined := out[:0]
	for _, s := range out {
		if n := len(joined); n > 0 && s.start <= joined[n-1].end {
			joined[n-1].end = max(joined[n-1].end, s.end)
			continue
		}
		joined = append(joined, s)
	}
	return joined, phrases
}

// span is what the phrase takes up of the text: of a pair of which one
// character was looked for, that one.
func (p Phrase) span(at []Term, text string) span {
	s := span{at[0].Start, at[len(at)-1].End}
	last := at[len(at)-1]
	if got, want := last.Text, p.Terms[len(p.Terms)-1]; got != want {
		if r, n := utf8.DecodeRuneInString(text[last.Start:]); utf8.RuneCountInString(want) == 1 && unspaced(r) {
			s.end = last.Start + n
		}
	}
	return s
}

// back returns the place so many characters before another, forth after it.
func back(text string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

func forth(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}
