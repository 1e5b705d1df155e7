package main

import (
	"errors"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql/signin"
)

// issuersFrom reads the outside issuers out of the settings.
func issuersFrom(v *settings.Values) []house.OutsideIssuer {
	var out []house.OutsideIssuer
	for i := range v.Entries("issuers") {
		field := settings.Entry("issuers", i)
		o := issuerFrom(v, field)
		for _, other := range out {
			if other.Trusted.Issuer == o.Trusted.Issuer {
				v.Wrong(field+".issuer", "%q stands there twice", o.Trusted.Issuer)
			}
		}
		if v.Good(field) { // what is there is of no use with a part of it missing
			checkIssuer(v, field, o)
		}
		out = append(out, o)
	}
	return out
}

func issuerFrom(v *settings.Values, field string) house.OutsideIssuer {
	at := func(name string) string { return field + "." + name }
	var o house.OutsideIssuer
	o.Trusted = signin.Trusted{
		Issuer: v.Text(at("issuer")), Audience: v.Text(at("audience")), Methods: v.Texts(at("algorithms")),
		MaxLifetime: v.Duration(at("max-lifetime")), Mapping: mappingFrom(v, field), Machines: machinesFrom(v, at("machine")),
	}
	if o.Trusted.Methods == nil {
		o.Trusted.Methods = []string{"RS256", "ES256"}
	}
	o.Keys.JWKS, o.Keys.Refresh, o.Keys.Keep = v.Text(at("jwks")), v.Duration(at("refresh")), v.Duration(at("keep-keys"))
	if path := v.Path(at("ca")); path != "" {
		pool, err := roots(path)
		if err != nil {
			v.Wrong(at("ca"), "%s: %w", path, err)
		}
		o.Keys.Roots = pool
	}
	return o
}

// checkIssuer notes what is wrong with an issuer as a whole. A field that is
// missing is looked for where the issuer stands.
func checkIssuer(v *settings.Values, field string, o house.OutsideIssuer) {
	err := o.Check()
	if wrong, ok := errors.AsType[*signin.FieldError](err); ok {
		v.Wrong(field+"."+wrong.Field, "%s", wrong.Message)
	} else if err != nil {
		v.Wrong(field, "%w", err)
	}
}

func mappingFrom(v *settings.Values, field string) signin.Mapping {
	at := func(name string) string { return field + "." + name }
	m := signin.Mapping{
		Subject: v.Text(at("claims.subject")), SubjectPrefix: v.Text(at("subject-prefix")),
		Role: v.Text(at("claims.role")), Fixed: domain.Role(v.Text(at("role"))),
		Units: v.Texts(at("claims.units")), FixedUnits: as[domain.UnitID](v.Texts(at("units"))), Everywhere: v.On(at("whole-ledger")),
		Allowed: as[domain.Role](v.Texts(at("roles"))),
	}
	if v.Said(at("role-map")) {
		m.Names = map[string]domain.Role{}
		for _, name := range v.Names(at("role-map")) {
			m.Names[name] = domain.Role(v.Text(at("role-map." + name)))
		}
	}
	return m
}

// machinesFrom reads what machines of an issuer may; nil if none may anything.
func machinesFrom(v *settings.Values, field string) *signin.Machines {
	if !v.Said(field) {
		return nil
	}
	m := &signin.Machines{
		Claim: v.Text(field + ".claim"), Value: v.Text(field + ".value"), Client: v.Text(field + ".client"),
		MaxLifetime: v.Duration(field + ".max-lifetime"), Clients: map[string]signin.Machine{},
	}
	for _, name := range v.Names(field + ".clients") {
		client := field + ".clients." + name
		m.Clients[name] = signin.Machine{Role: domain.Role(v.Text(client + ".role")), Units: as[domain.UnitID](v.Texts(client + ".units"))}
	}
	return m
}

// as gives texts the type of what they name.
func as[T ~string](texts []string) []T {
	var out []T
	for _, text := range texts {
		out = append(out, T(text))
	}
	return out
}
