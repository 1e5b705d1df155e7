// Package terms cuts texts into the terms by which they are found, in Chinese
// as in any script with spaces between words, and cuts out the passage in
// which something was found.
//
// Case, accents, tone marks and full-width forms do not matter: "Zhāng",
// "ZHANG" and "ｚｈａｎｇ" are one term. Scripts that are written without
// spaces are cut into pairs of characters that overlap, and the last
// character of a run on its own: 海关监管 becomes 海关 关监 监管 管. So every
// part of a run, of whatever length, is found as neighbouring terms, or as the
// beginning of a term where it is one character, without a dictionary of words
// that would have to know every name and place.
//
//	index(terms.Join(text))
//	match := terms.Parse(`张伟 "held back"`).Match()
//
// All of it is pure and safe for concurrent use.
package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Term is a term of a text and the bytes of the text where it stands.
type Term struct {
	Text       string
	Start, End int
	// Alone: the last character of a run of a script without spaces.
	Alone bool
}

// Cut returns the terms of a text in their order.
func Cut(text string) []Term {
	c := cutter{text: text, word: -1}
	for i, r := range text {
		folded, kind := fold(r)
		switch {
		case kind == kindMark:
			// An accent of its own belongs to the character before it.
			c.stretch(i + utf8.RuneLen(r))
			continue
		case kind == kindPaired:
			c.endWord()
			c.pair(folded, i, i+runeLen(text[i:]))
		case kind == kindWord:
			c.endRun()
			c.letter(folded, i, i+runeLen(text[i:]))
		default:
			c.endWord()
			c.endRun()
		}
	}
	c.endWord()
	c.endRun()
	return c.terms
}

func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// Join returns the terms of texts with spaces between them. Terms hold
// letters, digits and nothing else.
func Join(texts ...string) string {
	var b strings.Builder
	for _, text := range texts {
		for _, t := range Cut(text) {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(t.Text)
		}
	}
	return b.String()
}

type kind int

const (
	kindNone kind = iota
	kindWord
	kindPaired
	kindMark
)

// fold brings a character into the form in which it is compared: compatibility
// forms made one, without accents, in lower case.
func fold(r rune) (string, kind) {
	if r < utf8.RuneSelf {
		switch {
		case 'A' <= r && r <= 'Z':
			return string(r + 'a' - 'A'), kindWord
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return string(r), kindWord
		}
		return "", kindNone
	}
	if '\u4e00' <= r && r <= '\u9fff' {
		return string(r), kindPaired
	}
	if unicode.Is(unicode.Mn, r) {
		return "", kindMark
	}
	var b strings.Builder
	paired := unspaced(r)
	for _, x := range norm.NFKD.String(string(r)) {
		if unicode.Is(unicode.Mn, x) && !paired {
			continue
		}
		if unicode.IsLetter(x) || unicode.IsNumber(x) || unicode.Is(unicode.Mn, x) {
			b.WriteString(strings.ToLower(string(x)))
			paired = paired || unspaced(x)
		}
	}
	switch {
	case b.Len() == 0:
		return "", kindNone
	case paired:
		return norm.NFC.String(b.String()), kindPaired
	}
	return b.String(), kindWord
}

// unspaced tells the characters of scripts written without spaces.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Bopomofo)
}

// cutter collects terms. A word and a run are never open at once.
type cutter struct {
	text  string
	terms []Term

	word     int // where the open word begins; -1 for none
	wordEnd  int
	wordText strings.Builder

	run []Term // the open run, one character each
}

func (c *cutter) letter(folded string, start, end int) {
	if c.word < 0 {
		c.word = start
	}
	c.wordEnd = end
	c.wordText.WriteString(folded)
}

func (c *cutter) pair(folded string, start, end int) {
	c.run = append(c.run, Term{Text: folded, Start: start, End: end})
}

func (c *cutter) stretch(end int) {
	if c.word >= 0 {
		c.wordEnd = end
	}
}

func (c *cutter) endWord() {
	if c.word < 0 {
		return
	}
	c.terms = append(c.terms, Term{Text: c.wordText.String(), Start: c.word, End: c.wordEnd})
	c.word = -1
	c.wordText.Reset()
}

func (c *cutter) endRun() {
	for i, t := range c.run {
		if i+1 < len(c.run) {
			t.Text, t.End = t.Text+c.run[i+1].Text, c.run[i+1].End
		} else {
			t.Alone = true
		}
		c.terms = append(c.terms, t)
	}
	c.run = c.run[:0]
}
