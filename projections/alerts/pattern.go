package alerts

import (
	"fmt"

	"github.com/probity-ledger/probity/domain"
)

// Patterned tells whether the rule looks for repeats, which the rulebook says
// how many of, and within which time.
func (r *Rule) Patterned() bool { return r.Where == patterns }

const patterns = "warning.patterns"

// patterned makes the threshold of a rule that looks for repeats.
func patterned(code string) func(*domain.Rulebook) (string, string) {
	return func(b *domain.Rulebook) (string, string) {
		p, ok := b.Warning.Pattern(code)
		if !ok {
			return "", ""
		}
		return fmt.Sprintf("%d times within %s", p.Times, termWords(p.Within)), p.Within.Source
	}
}

// patternedChinese says it in Chinese.
func patternedChinese(code string) func(*domain.Rulebook) string {
	return func(b *domain.Rulebook) string {
		p, ok := b.Warning.Pattern(code)
		if !ok {
			return ""
		}
		return fmt.Sprintf("%s内%d次", p.Within.Chinese(), p.Times)
	}
}

func termWords(t domain.Term) string { return fmt.Sprintf("%d %s", t.Length, t.Unit) }

func number(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// runs returns the notes that lie close together: those of every stretch that
// is as many, and as close, as the rulebook in force on the day of its last
// note says, and that enough holds for. Stretches that meet are one run.
func (x *scene) runs(code string, notes []Note, enough func([]Note, *domain.Rulebook) bool) (out [][]Note) {
	in := make([]bool, len(notes))
	for j := range notes {
		book := x.book(notes[j].On)
		p, ok := book.Warning.Pattern(code)
		if !ok {
			continue
		}
		i := j
		for i > 0 && x.after(p.Within, notes[i-1].On) >= notes[j].On {
			i--
		}
		if j-i+1 < p.Times || enough != nil && !enough(notes[i:j+1], book) {
			continue
		}
		for k := i; k <= j; k++ {
			in[k] = true
		}
	}
	for i := 0; i < len(notes); i++ {
		if !in[i] {
			continue
		}
		j := i
		for j+1 < len(notes) && in[j+1] {
			j++
		}
		out = append(out, notes[i:j+1])
		i = j
	}
	return out
}

// evidence are the events of the notes.
func evidence(notes ...Note) []domain.EventID {
	out := make([]domain.EventID, len(notes))
	for i, n := range notes {
		out[i] = n.Event
	}
	return out
}

// latest is the last day of the notes.
func latest(notes ...Note) (on Day) {
	for _, n := range notes {
		on = max(on, n.On)
	}
	return on
}

func sum(notes []Note) (n int64) {
	for i := range notes {
		n += notes[i].Amount
	}
	return n
}

// yuan writes an amount of fen.
func yuan(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprintf("%d yuan", fen/100)
	}
	return fmt.Sprintf("%d.%02d yuan", fen/100, fen%100)
}
