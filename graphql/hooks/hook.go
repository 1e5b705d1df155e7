package hooks

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/projections"
)

// Roles are those that a hook may have: the ones for machines that are shown
// record files.
var Roles = []domain.Role{domain.RoleHR, domain.RoleAuditor}

// Hook says what is sent where, on whose behalf.
type Hook struct {
	// Name tells hooks apart, and finds again how far this one has come.
	Name string
	URL  string
	Keys Keys
	// Role and Units are the scope. AllUnits stands for the whole ledger.
	Role  domain.Role
	Units []domain.UnitID
	// Kinds of the events that are sent; none where Records is set.
	Kinds []domain.Kind
	// Records: notices are sent that the feed of record files has something
	// new, in place of events.
	Records bool
	// Attempts is how often a message is tried; MaxAttempts when 0.
	Attempts int
	// Networks may be dialled though they are not public.
	Networks []netip.Prefix
	// Plain lets a receiver on this machine be spoken to without TLS.
	Plain bool
	// Roots vouch for the receiver; those of the system when nil.
	Roots *x509.CertPool
}

// FieldError says what is wrong with a part of a hook, by the name that the
// part has in the settings.
type FieldError struct{ Field, Message string }

func (e *FieldError) Error() string { return e.Field + " " + e.Message }

func wrong(field, format string, args ...any) error {
	return &FieldError{field, fmt.Sprintf(format, args...)}
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Check returns everything that is wrong with a hook, each a *FieldError.
func (h Hook) Check() error {
	var all []error
	if !nameForm.MatchString(h.Name) {
		all = append(all, wrong("name", "must be 1 to 40 small letters, digits and hyphens"))
	}
	if err := h.checkURL(); err != nil {
		all = append(all, err)
	}
	if len(h.Keys) == 0 {
		all = append(all, wrong("secret-file", "is missing: the file of the key that signs; or secret-env"))
	}
	if !slices.Contains(Roles, h.Role) {
		all = append(all, wrong("role", "must be hr or auditor"))
	}
	if len(h.Units) == 0 {
		all = append(all, wrong("units", "are missing: the units that the hook is told of; '*' is the whole ledger"))
	}
	for _, u := range h.Units {
		if u == projections.AllUnits {
			continue
		}
		if err := domain.CheckID("units", u); err != nil {
			all = append(all, wrong("units", "%q is no id of a unit", u))
		}
	}
	switch {
	case h.Records && len(h.Kinds) > 0:
		all = append(all, wrong("kinds", "are for events, and records is set: make two hooks of it"))
	case !h.Records && len(h.Kinds) == 0:
		all = append(all, wrong("kinds", "are missing: kinds of events, such as sanction.*; or records: true"))
	}
	if h.Attempts < 0 || h.Attempts > MaxAttempts {
		all = append(all, wrong("attempts", "must be from 1 to %d", MaxAttempts))
	}
	return errors.Join(all...)
}

func (h Hook) checkURL() error {
	u, err := url.Parse(h.URL)
	switch {
	case h.URL == "":
		return wrong("url", "is missing: the address of the receiver")
	case err != nil || u.Hostname() == "":
		return wrong("url", "is not an absolute address") // it may hold a secret
	case u.User != nil:
		return wrong("url", "has a user in it; receivers know us by the signature")
	case u.Fragment != "":
		return wrong("url", "has a fragment")
	case u.Scheme != "https" && u.Scheme != "http":
		return wrong("url", "is not an https address")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return wrong("url", "is not an https address; http is for receivers on this machine alone")
	case u.Scheme == "http" && !h.Plain:
		return wrong("url", "is not an https address; allow-plain: true lets a receiver on this machine have http")
	case u.Scheme == "https" && h.Plain:
		return wrong("allow-plain", "is for http on this machine, and url is https: leave it out")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		if err := h.reach().allow(ip); err != nil {
			return wrong("url", "%v", err)
		}
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// host is the receiver as it may be named in logs: paths may be secrets.
func (h Hook) host() string {
	u, err := url.Parse(h.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// principal is who the hook is to the Reader, and in notes of what was read.
func (h Hook) principal() projections.Principal {
	return projections.Principal{Subject: "webhook:" + h.Name, Role: h.Role, Machine: true, Units: h.Units}
}

// Kinds returns the kinds of events that patterns stand for: a kind, or the
// beginning of one and '*'. Readings of record files are not among them: each
// message that names an officer is one, and would be told of by another.
func Kinds(catalog *domain.Catalog, patterns []string) ([]domain.Kind, error) {
	var out []domain.Kind
	for _, p := range patterns {
		begin, open := strings.CutSuffix(p, "*")
		found := false
		for _, room := range catalog.Aggregates {
			for _, e := range room.Events {
				kind := string(e.Kind)
				if !(kind == p || open && strings.HasPrefix(kind, begin)) {
					continue
				}
				if room.Name == access.Room.Name {
					if begin != "" {
						return nil, fmt.Errorf("%q: readings of record files are not sent, or each message would bring about another", p)
					}
					continue
				}
				found = true
				if !slices.Contains(out, e.Kind) {
					out = append(out, e.Kind)
				}
			}
		}
		if !found {
			return nil, fmt.Errorf("%q is no kind of event; docs/catalogue has them, and sanction.* stands for all that begin so", p)
		}
	}
	return out, nil
}
