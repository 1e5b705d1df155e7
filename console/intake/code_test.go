package intake

import (
	"math"
	"strings"
	"testing"
	"unicode"
)

// The code of a form stays the same for ever: it is written on paper.
func TestCodesStand(t *testing.T) {
	for nonce, want := range map[string]string{"00112233445566778899aabbccddeeff": "8709562309729158", "ffffffffffffffffffffffffffffffff": "4352042802669514"} {
		if got := CodeOf(nonce); got != want {
			t.Errorf("%s has %s, want %s", nonce, got, want)
		}
	}
}

func TestCodesAreSpreadEvenly(t *testing.T) {
	const n = 20000
	var counts [codeDigits][10]int
	for range n {
		code := CodeOf(newNonce())
		if len(code) != codeDigits {
			t.Fatalf("%q has %d digits", code, len(code))
		}
		for i := range code {
			counts[i][code[i]-'0']++
		}
	}
	for i, digits := range counts {
		square := 0.0
		for _, count := range digits {
			square += math.Pow(float64(count)-n/10, 2) / (n / 10)
		}
		if square > 45 { // nine degrees of freedom: one in a million
			t.Errorf("digit %d: %v", i, digits)
		}
	}
}

func TestNonces(t *testing.T) {
	if a, b := newNonce(), newNonce(); a == b || !isNonce(a) || !isNonce(b) {
		t.Errorf("%s and %s", a, b)
	}
	for _, s := range []string{"", "00", strings.Repeat("g", 32), strings.Repeat("A", 32), strings.Repeat("0", 34)} {
		if isNonce(s) {
			t.Errorf("%q is one", s)
		}
	}
}

// FuzzParseCode: a code is read as sixteen digits or not at all, and as it is
// written out again.
func FuzzParseCode(f *testing.F) {
	for _, s := range []string{"1234 5678 9012 3456", "１２３４-５６７８-９０１２-３４５６", "٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥", "1234567890123456\u202e", "12345678901234567", "\xff", "½²", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎𝟏𝟐𝟑𝟒𝟓"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code, ok := parseCode(s)
		if !ok {
			return
		}
		if len(code) != codeDigits || strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' }) {
			t.Fatalf("%q is read as %q", s, code)
		}
		if again, ok := parseCode(grouped(code)); !ok || again != code {
			t.Fatalf("%q is written as %q and read as %q", code, grouped(code), again)
		}
		n := 0
		for _, r := range s {
			if unicode.Is(unicode.Nd, r) {
				n++
			}
		}
		if n != codeDigits {
			t.Fatalf("%q has %d digits and is read as %q", s, n, code)
		}
	})
}
