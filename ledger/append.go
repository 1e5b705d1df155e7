package ledger

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// CheckAppend holds the arguments of an append against the limits every
// store shares, so that all of them refuse the same appends with the same
// words. It returns nil, or an error that wraps ErrTooLarge or ErrBadAppend.
func CheckAppend(stream string, expected Revision, entries []Entry) error {
	switch {
	case stream == "":
		return fmt.Errorf("%w: the stream has no name", ErrBadAppend)
	case len(stream) > MaxStreamName:
		return fmt.Errorf("%w: a stream name of %d bytes, %d are allowed", ErrTooLarge, len(stream), MaxStreamName)
	case !validStreamName(stream):
		return fmt.Errorf("%w: stream name %q is not printable UTF-8", ErrBadAppend, stream)
	case expected < NoStream:
		return fmt.Errorf("%w: expected revision %d", ErrBadAppend, expected)
	case len(entries) == 0:
		return fmt.Errorf("%w: no entries", ErrBadAppend)
	case len(entries) > MaxAppend:
		return fmt.Errorf("%w: %d entries in one append, %d are allowed", ErrTooLarge, len(entries), MaxAppend)
	}
	for i := range entries {
		switch n := len(entries[i].Envelope); {
		case n == 0:
			return fmt.Errorf("%w: entry %d is empty", ErrBadAppend, i)
		case n > MaxEnvelope:
			return fmt.Errorf("%w: entry %d has %d bytes, %d are allowed", ErrTooLarge, i, n, MaxEnvelope)
		}
	}
	return nil
}

func validStreamName(name string) bool {
	for i, r := range name {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(name[i:]); size == 1 {
				return false
			}
		}
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}
