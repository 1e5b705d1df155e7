package main

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

// issuerEntry is an outside issuer in a settings file.
type issuerEntry struct {
	Issuer     said    `yaml:"issuer"`
	Audience   said    `yaml:"audience"`
	JWKS       said    `yaml:"jwks"`
	CA         said    `yaml:"ca"`
	Algorithms several `yaml:"algorithms"`

	Claims struct {
		Subject said    `yaml:"subject"`
		Role    said    `yaml:"role"`
		Units   several `yaml:"units"`
	} `yaml:"claims"`
	SubjectPrefix said            `yaml:"subject-prefix"`
	Role          said            `yaml:"role"`
	RoleMap       map[string]said `yaml:"role-map"`
	Roles         several         `yaml:"roles"`
	Units         several         `yaml:"units"`
	WholeLedger   toggle          `yaml:"whole-ledger"`

	MaxLifetime said `yaml:"max-lifetime"`
	Refresh     said `yaml:"refresh"`
	KeepKeys    said `yaml:"keep-keys"`

	Machine *machineEntry `yaml:"machine"`
}

// machineEntry is what machines of an issuer may.
type machineEntry struct {
	Claim       said                   `yaml:"claim"`
	Value       said                   `yaml:"value"`
	Client      said                   `yaml:"client"`
	MaxLifetime said                   `yaml:"max-lifetime"`
	Clients     map[string]clientEntry `yaml:"clients"`
}

type clientEntry struct {
	Role  said    `yaml:"role"`
	Units several `yaml:"units"`
}

// The longest times that can be set.
const (
	maxRefresh  = 24 * time.Hour
	maxKeepKeys = 7 * 24 * time.Hour
)

// check makes an issuer out of its entry.
func (e issuerEntry) check(file settingsFile, field string) (house.OutsideIssuer, error) {
	var o house.OutsideIssuer
	o.Trusted = signin.Trusted{
		Issuer: e.Issuer.text, Audience: e.Audience.text, Methods: e.Algorithms.texts(), Mapping: e.mapping(),
	}
	if o.Trusted.Methods == nil {
		o.Trusted.Methods = []string{"RS256", "ES256"}
	}
	o.Keys.JWKS = e.JWKS.text
	for _, time := range []struct {
		name    string
		said    said
		longest time.Duration
		out     *time.Duration
	}{
		{"max-lifetime", e.MaxLifetime, signin.MaxLifetime, &o.Trusted.MaxLifetime},
		{"refresh", e.Refresh, maxRefresh, &o.Keys.Refresh},
		{"keep-keys", e.KeepKeys, maxKeepKeys, &o.Keys.Keep},
	} {
		d, err := file.duration(field+"."+time.name, time.said, time.longest)
		if err != nil {
			return o, err
		}
		*time.out = d
	}
	if e.Machine != nil {
		machines, err := e.Machine.check(file, field+".machine")
		if err != nil {
			return o, err
		}
		o.Trusted.Machines = machines
	}
	if path := file.beside(e.CA.text); path != "" {
		pool, err := roots(path)
		if err != nil {
			return o, file.wrong(e.CA.line, field+".ca", "%s: %w", path, err)
		}
		o.Keys.Roots = pool
	}
	err := o.Check()
	if wrong, ok := errors.AsType[*signin.FieldError](err); ok {
		return o, file.wrong(e.line(wrong.Field), field+"."+wrong.Field, "%s", wrong.Message)
	}
	if err != nil {
		return o, file.wrong(e.line(""), field, "%w", err)
	}
	return o, nil
}

// line is where a field stands; the issuer's where it does not.
func (e issuerEntry) line(field string) int {
	first := func(s several) int {
		if len(s) == 0 {
			return 0
		}
		return s[0].line
	}
	at := map[string]int{
		"algorithms": first(e.Algorithms), "roles": first(e.Roles), "units": first(e.Units), "role": e.Role.line,
		"claims.role": e.Claims.Role.line, "subject-prefix": e.SubjectPrefix.line, "audience": e.Audience.line,
	}[field]
	return cmp.Or(at, e.Issuer.line, e.Audience.line)
}

func (e issuerEntry) mapping() signin.Mapping {
	m := signin.Mapping{
		Subject: e.Claims.Subject.text, SubjectPrefix: e.SubjectPrefix.text,
		Role: e.Claims.Role.text, Fixed: domain.Role(e.Role.text),
		Units: e.Claims.Units.texts(), FixedUnits: unitIDs(e.Units), Everywhere: e.WholeLedger.on,
	}
	for _, role := range e.Roles {
		m.Allowed = append(m.Allowed, domain.Role(role.text))
	}
	if e.RoleMap != nil {
		m.Names = map[string]domain.Role{}
		for name, role := range e.RoleMap {
			m.Names[name] = domain.Role(role.text)
		}
	}
	return m
}

func unitIDs(s several) []domain.UnitID {
	var out []domain.UnitID
	for _, unit := range s {
		out = append(out, domain.UnitID(unit.text))
	}
	return out
}

func (e machineEntry) check(file settingsFile, field string) (*signin.Machines, error) {
	m := &signin.Machines{Claim: e.Claim.text, Value: e.Value.text, Client: e.Client.text, Clients: map[string]signin.Machine{}}
	for _, name := range slices.Sorted(maps.Keys(e.Clients)) {
		m.Clients[name] = signin.Machine{Role: domain.Role(e.Clients[name].Role.text), Units: unitIDs(e.Clients[name].Units)}
	}
	var err error
	m.MaxLifetime, err = file.duration(field+".max-lifetime", e.MaxLifetime, signin.MaxLifetime)
	return m, err
}
