package guard

// Kinds of token beyond the punctuators, which are their own byte.
const (
	kindEnd    byte = 0
	kindName   byte = 'a'
	kindNumber byte = '1'
	kindString byte = '"'
	kindSpread byte = '.'
)

// scanner yields the tokens of a document without keeping them.
type scanner struct {
	text    string
	pos     int
	blanks  bool
	problem string
}

func (s *scanner) at(i int) byte {
	if i < len(s.text) {
		return s.text[i]
	}
	return 0
}

// next returns the kind and start of the next token and moves behind it. It
// returns false at the first byte that begins no token.
func (s *scanner) next() (kind byte, start int, ok bool) {
	s.skip()
	start = s.pos
	if start >= len(s.text) {
		return kindEnd, start, true
	}
	switch c := s.text[start]; {
	case isNameStart(c):
		for s.pos++; isNameStart(s.at(s.pos)) || isDigit(s.at(s.pos)); s.pos++ {
		}
		return kindName, start, true
	case c == '-' || isDigit(c):
		s.number()
		return kindNumber, start, true
	case c == '"':
		return kindString, start, s.string()
	case c == '.':
		if s.at(start+1) != '.' || s.at(start+2) != '.' {
			s.problem = "expected three dots"
			return kindEnd, start, false
		}
		s.pos += 3
		return kindSpread, start, true
	}
	switch c := s.text[start]; c {
	case '!', '$', '&', '(', ')', ':', '=', '@', '[', ']', '{', '|', '}':
		s.pos++
		return c, start, true
	}
	s.problem = "unexpected character"
	return kindEnd, start, false
}

// skip moves over white space, commas, byte order marks and comments.
func (s *scanner) skip() {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ' ', '\t', '\n', '\r', ',':
			s.pos++
		case 0xEF:
			if s.at(s.pos+1) != 0xBB || s.at(s.pos+2) != 0xBF {
				return
			}
			s.pos += 3
			s.blanks = true
		case '#':
			s.blanks = true
			for s.pos++; s.pos < len(s.text) && (s.text[s.pos] >= ' ' || s.text[s.pos] == '\t'); s.pos++ {
			}
		default:
			return
		}
	}
}

// number moves over -?digits(.digits)?([eE][+-]?digits)?. A zero ends the
// integer part, as in the library; whether the rest fits is the parser's word.
func (s *scanner) number() {
	if s.at(s.pos) == '-' {
		s.pos++
	}
	if s.at(s.pos) == '0' {
		s.pos++
	} else {
		s.digits()
	}
	if s.at(s.pos) == '.' {
		s.pos++
		s.digits()
	}
	if c := s.at(s.pos); c == 'e' || c == 'E' {
		s.pos++
		if c := s.at(s.pos); c == '+' || c == '-' {
			s.pos++
		}
		s.digits()
	}
}

func (s *scanner) digits() {
	for isDigit(s.at(s.pos)) {
		s.pos++
	}
}

// string moves over a string or block string.
func (s *scanner) string() bool {
	if s.at(s.pos+1) == '"' && s.at(s.pos+2) == '"' {
		return s.blockString()
	}
	for s.pos++; s.pos < len(s.text); s.pos++ {
		switch s.text[s.pos] {
		case '"':
			s.pos++
			return true
		case '\\':
			s.pos++
		case '\n', '\r':
			s.problem = "unterminated string"
			return false
		}
	}
	s.pos = len(s.text)
	s.problem = "unterminated string"
	return false
}

func (s *scanner) blockString() bool {
	quotes := func(i int) bool { return s.at(i) == '"' && s.at(i+1) == '"' && s.at(i+2) == '"' }
	for s.pos += 3; s.pos < len(s.text); s.pos++ {
		if quotes(s.pos) {
			s.pos += 3
			return true
		}
		if s.text[s.pos] == '\\' && quotes(s.pos+1) {
			s.pos += 3
		}
	}
	s.pos = len(s.text)
	s.problem = "unterminated string"
	return false
}

func isDigit(c byte) bool     { return c >= '0' && c <= '9' }
func isNameStart(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
