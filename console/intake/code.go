package intake

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"unicode"
)

const (
	// codeDigits is how long a receipt code is: 53 bits, which nobody finds by
	// trying as long as tries are counted.
	codeDigits = 16
	// nonceBytes is how long the random value of a form is.
	nonceBytes = 16
	// longestCode is what is looked at for a code, in bytes.
	longestCode = 256
)

var codes = big.NewInt(1e16)

// CodeOf returns the receipt code of a form: 16 decimal digits from SHA-256 of
// the nonce under a label of its own, so that a complaint id which derives from
// the same nonce tells nothing of it. As 2^256 is so much more than 10^16, each
// code is as likely as any other to within 2^-202.
func CodeOf(nonce string) string {
	sum := sha256.Sum256([]byte("probity intake: receipt code\x00" + nonce))
	return fmt.Sprintf("%016d", new(big.Int).Mod(new(big.Int).SetBytes(sum[:]), codes))
}

// newNonce draws the random value of a form.
func newNonce() string {
	var raw [nonceBytes]byte
	_, _ = rand.Read(raw[:]) // never fails
	return hex.EncodeToString(raw[:])
}

// isNonce tells whether it has the form of newNonce.
func isNonce(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == nonceBytes && strings.ToLower(s) == s
}

// parseCode reads a code as people write it: with blanks and dashes of any kind
// between the digits, and in the digits of their script.
func parseCode(s string) (string, bool) {
	if len(s) > longestCode {
		return "", false
	}
	var out strings.Builder
	for _, r := range s {
		switch d, ok := digit(r); {
		case ok:
			out.WriteByte(d)
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), unicode.Is(unicode.Cf, r), r == '\u2212', r == '_', r == '.', r == '·':
		default:
			return "", false
		}
	}
	return out.String(), out.Len() == codeDigits
}

// digit reads a decimal digit of any script: those of Unicode stand ten in a
// row, from zero to nine.
func digit(r rune) (byte, bool) {
	if r >= '0' && r <= '9' {
		return byte(r), true
	}
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	n := 0
	for back := r - 1; unicode.Is(unicode.Nd, back); back-- {
		n++
	}
	return '0' + byte(n%10), true
}

// grouped writes a code in groups of four.
func grouped(code string) string {
	var out []string
	for ; len(code) > 4; code = code[4:] {
		out = append(out, code[:4])
	}
	return strings.Join(append(out, code), " ")
}
