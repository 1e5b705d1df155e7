package guard

import (
	"fmt"
	"unicode/utf8"
)

// refusal is a refusal that knows its offset and not yet its line.
type refusal struct {
	code    Code
	message string
	offset  int
}

// extent is what the scan learns of a document.
type extent struct {
	tokens int
	depth  int // of selection sets
	values int // of lists, objects and brackets
	// blanks is true when the gaps between tokens hold more than white
	// space: comments or byte order marks.
	blanks bool
}

// scan measures a document in one pass and stops at the first cap it
// exceeds. It accepts every document the library's lexer accepts and sees the
// same tokens in it, and it allocates nothing unless it refuses.
func scan(text string, limits Limits) (extent, *refusal) {
	var e extent
	if len(text) > limits.Bytes {
		return e, &refusal{CodeTooLarge, fmt.Sprintf("the document has more than %d bytes", limits.Bytes), limits.Bytes}
	}
	if !utf8.ValidString(text) {
		return e, &refusal{CodeSyntax, "the document is not valid UTF-8", invalidAt(text)}
	}
	selections, values, parens := 0, 0, 0
	deepest := max(limits.Depth, limits.IntrospectionDepth)
	s := scanner{text: text}
	for {
		kind, start, ok := s.next()
		if !ok {
			return e, &refusal{CodeSyntax, "syntax error: " + s.problem, s.pos}
		}
		if kind == kindEnd {
			e.blanks = s.blanks
			return e, nil
		}
		if e.tokens++; e.tokens > limits.Tokens {
			return e, &refusal{CodeTokens, fmt.Sprintf("the document has more than %d tokens", limits.Tokens), start}
		}
		switch kind {
		case kindName:
			if s.pos-start > limits.NameLength {
				return e, &refusal{CodeTooLarge, fmt.Sprintf("a name has more than %d characters", limits.NameLength), start}
			}
		case '(':
			parens++
		case ')':
			if parens = max(0, parens-1); parens == 0 {
				values = 0
			}
		case '{', '[':
			// Braces inside parentheses are object literals; there is no
			// selection set before the parenthesis closes.
			if parens > 0 || kind == '[' {
				values++
				e.values = max(e.values, values)
			} else {
				selections++
				e.depth = max(e.depth, selections)
			}
		case '}', ']':
			if parens > 0 || kind == ']' {
				values = max(0, values-1)
			} else {
				selections = max(0, selections-1)
			}
		}
		if selections > deepest {
			return e, &refusal{CodeDepth, fmt.Sprintf("selections are nested more than %d deep", limits.Depth), start}
		}
		if values > limits.ValueDepth {
			return e, &refusal{CodeDepth, fmt.Sprintf("values are nested more than %d deep", limits.ValueDepth), start}
		}
	}
}

func invalidAt(text string) int {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, width := utf8.DecodeRuneInString(text[i:]); width == 1 {
				return i
			}
		}
	}
	return len(text)
}

// blank returns a copy of text in which everything between the tokens is
// white space, at the same offsets. The text must have passed scan.
func blank(text string) []byte {
	out := []byte(text)
	s := scanner{text: text}
	for from := 0; ; {
		kind, start, _ := s.next()
		for i := from; i < start; i++ {
			if out[i] != '\n' && out[i] != '\r' {
				out[i] = ' '
			}
		}
		if kind == kindEnd {
			return out
		}
		from = s.pos
	}
}
