package settings

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wrong tells what is wrong with a value; nil when nothing is.
func (s Setting) wrong(text string) error {
	if err := s.form(text); err != nil || s.check == nil {
		return err
	}
	return s.check(text)
}

// form tells whether a value has the form of its kind.
func (s Setting) form(text string) error {
	var err error
	switch s.Kind {
	case Choice:
		if !slices.Contains(s.choices, text) {
			return fmt.Errorf("%q: use %s", text, either(s.choices))
		}
	case Whole:
		if _, err = strconv.ParseInt(text, 10, 64); err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
	case Number:
		if _, err = strconv.ParseFloat(text, 64); err != nil {
			return fmt.Errorf("%q is not a number", text)
		}
	case Duration:
		if _, err = time.ParseDuration(text); err != nil {
			return fmt.Errorf("%q is not a time such as 15m", text)
		}
	case Toggle:
		if text != "true" && text != "false" {
			return fmt.Errorf("is %q; write true or false", text)
		}
	case Networks:
		if _, err = network(text); err != nil {
			return err
		}
	}
	return nil
}

func either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// network is an address, or a range of them, but not all there are.
func network(text string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(text)
	if a, e := netip.ParseAddr(text); e == nil {
		p, err = netip.PrefixFrom(a, a.BitLen()), nil
	}
	if err != nil || p.Bits() == 0 {
		return p, fmt.Errorf("%q is not an address such as 10.0.0.2 or a network such as 10.0.0.0/24", text)
	}
	return p.Masked(), nil
}

// from says that a whole number must lie in a range; without a largest one
// above nothing.
func from(least, most int64) func(string) error {
	return func(text string) error {
		n, err := strconv.ParseInt(text, 10, 64)
		switch {
		case err != nil:
			return err
		case most == 0 && n < least:
			if least == 1 {
				return fmt.Errorf("%q is not a whole number above nothing", text)
			}
			return fmt.Errorf("%q is not a whole number from %d on", text, least)
		case most > 0 && (n < least || n > most):
			return fmt.Errorf("%q is not a whole number from %d to %d", text, least, most)
		}
		return nil
	}
}

// lasting says that a time must lie in a range.
func lasting(least, most time.Duration) func(string) error {
	return func(text string) error {
		if d, err := time.ParseDuration(text); err != nil || d < least || d > most {
			return fmt.Errorf("%q is not a time from %s to %s, such as 15m", text, least, most)
		}
		return nil
	}
}

// quoted puts the value before what a check says of it.
func quoted(check func(string) error) func(string) error {
	return func(text string) error {
		if err := check(text); err != nil {
			return fmt.Errorf("%q %w", text, err)
		}
		return nil
	}
}
