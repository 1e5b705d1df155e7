package terms

import "strings"

// Query is what is looked for: all of its phrases.
type Query []Phrase

// Phrase is terms that follow on each other. Where it is Open, the last one
// may be the beginning of a longer term.
type Phrase struct {
	Terms []string
	Open  bool
}

// Parse reads what somebody looks for: words with spaces between them, all of
// which must be found, in any order. A word is found where one begins with it;
// what stands between double quotes is found as it stands, word for word. Any
// other sign only parts words, so there is nothing to be escaped and no text
// that cannot be parsed. A query without words finds nothing.
func Parse(text string) Query {
	var q Query
	quoted := false
	for part := range strings.SplitSeq(strings.Map(straight, text), `"`) {
		if quoted {
			q = q.with(part, false)
		} else {
			for word := range strings.FieldsSeq(part) {
				q = q.with(word, true)
			}
		}
		quoted = !quoted
	}
	return q
}

// straight makes one form of all double quotes.
func straight(r rune) rune {
	switch r {
	case '“', '”', '„', '＂', '«', '»', '「', '」', '『', '』':
		return '"'
	}
	return r
}

// with adds what is to be found in one piece; open tells that its last word
// may go on.
func (q Query) with(text string, open bool) Query {
	cut := Cut(text)
	if len(cut) == 0 {
		return q
	}
	// The last character of a run stands alone only if the run ends there,
	// which in the text may go on; alone, it begins a pair or ends a run.
	last := len(cut) - 1
	p := Phrase{Open: open}
	if cut[last].Alone {
		p.Open = true
		if last > 0 && cut[last-1].End == cut[last].End {
			p.Open = false
			cut = cut[:last]
		}
	}
	for _, t := range cut {
		p.Terms = append(p.Terms, t.Text)
	}
	return append(q, p)
}

// Match writes the query in the language of SQLite's FTS5. Terms hold letters
// and digits alone, so nothing in it can be taken for a sign of that language.
func (q Query) Match() string {
	var b strings.Builder
	for i, p := range q {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteByte('"')
		b.WriteString(strings.Join(p.Terms, " "))
		b.WriteByte('"')
		if p.Open {
			b.WriteString(" *")
		}
	}
	return b.String()
}

// at tells how many terms of the text the phrase takes up from the i-th on; 0
// where it does not stand there.
func (p Phrase) at(text []Term, i int) int {
	if i+len(p.Terms) > len(text) {
		return 0
	}
	for j, want := range p.Terms {
		got := text[i+j].Text
		if got != want && !(p.Open && j == len(p.Terms)-1 && strings.HasPrefix(got, want)) {
			return 0
		}
	}
	return len(p.Terms)
}
