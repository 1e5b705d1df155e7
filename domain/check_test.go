package domain_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
)

func TestCheckText(t *testing.T) {
	full := strings.Repeat("x", domain.MaxText)
	for name, tt := range map[string]struct {
		text               string
		required, optional bool
	}{
		"a word":              {"diligence", true, true},
		"nothing":             {"", false, true},
		"the longest text":    {full, true, true},
		"a byte more":         {full + "x", false, false},
		"what is not UTF-8":   {"dili\xffgence", false, false},
		"Chinese, with lines": {"勤政\n廉政", true, true},
		"a table":             {"a\tb\r\n", true, true},
		"a zero byte":         {"dili\x00gence", false, false},
		"an escape":           {"\x1b[31m", false, false},
	} {
		if got := domain.CheckText("merit", tt.text) == nil; got != tt.required {
			t.Errorf("%s as a required text: accepted %v, want %v", name, got, tt.required)
		}
		if got := domain.CheckOptionalText("merit", tt.text) == nil; got != tt.optional {
			t.Errorf("%s as an optional text: accepted %v, want %v", name, got, tt.optional)
		}
	}
}

func TestCheckEvidence(t *testing.T) {
	good := domain.Evidence{Digest: "sha256:" + strings.Repeat("0a", 32), MediaType: "application/pdf", Size: 1}
	with := func(change func(*domain.Evidence)) domain.Evidence {
		e := good
		change(&e)
		return e
	}
	if err := domain.CheckEvidence("evidence", []domain.Evidence{good, with(func(e *domain.Evidence) { e.Size = 0 })}); err != nil {
		t.Errorf("well-formed evidence: %v", err)
	}
	for name, e := range map[string]domain.Evidence{
		"no digest":               with(func(e *domain.Evidence) { e.Digest = "" }),
		"a digest without prefix": with(func(e *domain.Evidence) { e.Digest = strings.Repeat("0a", 32) }),
		"a short digest":          with(func(e *domain.Evidence) { e.Digest = "sha256:0a" }),
		"upper-case digits":       with(func(e *domain.Evidence) { e.Digest = "sha256:" + strings.Repeat("0A", 32) }),
		"no hex digits":           with(func(e *domain.Evidence) { e.Digest = "sha256:" + strings.Repeat("0z", 32) }),
		"no media type":           with(func(e *domain.Evidence) { e.MediaType = "" }),
		"half a media type":       with(func(e *domain.Evidence) { e.MediaType = "pdf" }),
		"a negative size":         with(func(e *domain.Evidence) { e.Size = -1 }),
	} {
		err := domain.CheckEvidence("papers", []domain.Evidence{good, e})
		r, ok := errors.AsType[*domain.Refusal](err)
		if !ok || r.Code != domain.CodeInvalid || r.Field != "papers" || !strings.Contains(r.Message, "entry 2") {
			t.Errorf("%s: got %v, want a refusal of entry 2 of papers", name, err)
		}
	}
}

func TestARefusalSaysFieldReasonAndRule(t *testing.T) {
	r := domain.Refuse(domain.CodeRule, "months", "%d is out of range", 49).Under("art. 15")
	if got, want := r.Error(), "months: 49 is out of range (art. 15)"; got != want {
		t.Errorf("reads %q, want %q", got, want)
	}
	if got := domain.RefusalCode(fmt.Errorf("record: %w", r)); got != domain.CodeRule {
		t.Errorf("wrapped, its code is %q", got)
	}
	if got := domain.RefusalCode(errors.New("disk is full")); got != "" {
		t.Errorf("another error has the code %q", got)
	}
	if got := domain.RefusalCode(nil); got != "" {
		t.Errorf("no error has the code %q", got)
	}
}

func TestFirstReturnsTheFirstError(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	if got := domain.First(nil, a, b); got != a {
		t.Errorf("got %v, want a", got)
	}
	if got := domain.First(nil, nil); got != nil {
		t.Errorf("got %v, want none", got)
	}
}

func TestRolesAreReadByName(t *testing.T) {
	for _, r := range domain.Roles() {
		if got, ok := domain.ParseRole(string(r)); !ok || got != r {
			t.Errorf("%q is read as %q, %v", r, got, ok)
		}
	}
	for _, name := range []string{"", "Leader", "king"} {
		if r, ok := domain.ParseRole(name); ok {
			t.Errorf("%q is read as %q", name, r)
		}
	}
}

func TestCheckOneOf(t *testing.T) {
	if err := domain.CheckOneOf("role", domain.RoleHR, domain.Roles()...); err != nil {
		t.Errorf("a listed value: %v", err)
	}
	for _, v := range []domain.Role{"", "king", "HR"} {
		r, ok := errors.AsType[*domain.Refusal](domain.CheckOneOf("role", v, domain.Roles()...))
		if !ok || r.Code != domain.CodeInvalid || r.Field != "role" {
			t.Errorf("%q is not refused as an invalid role: %v", v, r)
		}
	}
}

func TestMustDatePanicsOnAMalformedLiteral(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("29 February 2023 was taken for a date")
		}
	}()
	domain.MustDate("2023-02-29")
}
