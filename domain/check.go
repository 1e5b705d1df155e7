package domain

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxText is the longest free text of one field in bytes; longer matter is
// filed as Evidence. It keeps every event under the ledger's entry limit.
const MaxText = 8 << 10

// CheckText refuses an empty or overlong text, naming the field.
func CheckText(field, s string) error {
	if s == "" {
		return Refuse(CodeInvalid, field, "is required")
	}
	return CheckOptionalText(field, s)
}

// CheckOptionalText refuses an overlong or malformed text; empty is fine.
func CheckOptionalText(field, s string) error {
	if len(s) > MaxText {
		return Refuse(CodeInvalid, field, "is %d bytes long, at most %d are allowed; file longer matter as evidence", len(s), MaxText)
	}
	if !utf8.ValidString(s) {
		return Refuse(CodeInvalid, field, "is not valid UTF-8")
	}
	if i := strings.IndexFunc(s, hidden); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return Refuse(CodeInvalid, field, "holds the control character %U, which nobody sees", r)
	}
	return nil
}

// hidden tells the control characters that no text has: those of ASCII but tab
// and the ends of lines. Those of Latin-1 are met in old records.
func hidden(r rune) bool { return (r < 0x20 || r == 0x7f) && !strings.ContainsRune("\t\r\n", r) }

// CheckOneOf refuses a value that is not one of those allowed, naming the
// field.
func CheckOneOf[T ~string](field string, v T, allowed ...T) error {
	if !slices.Contains(allowed, v) {
		return Refuse(CodeInvalid, field, "%q is not one of %v", v, allowed)
	}
	return nil
}

// CheckIDs refuses a list that holds a malformed id, or the same id twice;
// an empty list is fine.
func CheckIDs[T ~string](field string, ids []T) error {
	for i, id := range ids {
		if err := CheckID(field, id); err != nil {
			return err
		}
		if slices.Contains(ids[:i], id) {
			return Refuse(CodeInvalid, field, "names %s twice", id)
		}
	}
	return nil
}

// First returns the first error that is not nil.
func First(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
