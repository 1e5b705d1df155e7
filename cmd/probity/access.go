package main

import (
	"fmt"

	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/trusted"
)

// defaultAccess is that of a server nobody told otherwise.
func defaultAccess() graphql.Access { return graphql.Access{Budgets: budget.Defaults()} }

// accessFrom reads what the settings say about GraphQL.
func accessFrom(v *settings.Values) graphql.Access {
	access := defaultAccess()
	if path := v.Path("graphql.trustedDocuments"); path != "" {
		documents, err := trusted.Load(path)
		if err != nil {
			v.Wrong("graphql.trustedDocuments", "%w", err)
		}
		access.Documents = documents
	}
	access.Strict = v.On("graphql.strict")
	if access.Strict && !v.Said("graphql.trustedDocuments") {
		v.Wrong("graphql.strict", "is true, and no trustedDocuments are given: nobody could ask anything")
	}
	for i, name := range v.Texts("graphql.adHoc") {
		role, err := asking(name)
		if err != nil {
			v.Wrong(settings.Entry("graphql.adHoc", i), "%w", err)
		}
		access.AdHoc = append(access.AdHoc, role)
	}
	if v.Said("graphql.adHoc") && !access.Strict && v.Good("graphql.strict") {
		v.Wrong("graphql.adHoc", "counts with strict: true only; without it everybody may ask anything")
	}
	access.Budgets = access.Budgets.With(budgetsFrom(v, access.Budgets))
	return access
}

// asking is the role of that name, if anybody asks in it.
func asking(name string) (domain.Role, error) {
	role, ok := domain.ParseRole(name)
	if _, asks := budget.Defaults()[role]; !ok || !asks {
		return "", fmt.Errorf("%q is no role that asks; there are public, officer, handler, intake, inspector, leader, hr, overseer, auditor", name)
	}
	return role, nil
}

// budgetsFrom are the allowances that the settings give, with the defaults
// where they leave something out.
func budgetsFrom(v *settings.Values, defaults budget.Allowances) budget.Allowances {
	own := budget.Allowances{}
	for _, name := range v.Names("graphql.budgets") {
		field := "graphql.budgets." + name
		role, err := asking(name)
		if err != nil {
			v.Wrong(field, "%w", err)
			continue
		}
		allowance, last := defaults[role], field
		for _, n := range []struct {
			name  string
			value *int64
		}{{"perSecond", &allowance.PerSecond}, {"burst", &allowance.Burst}, {"perOperation", &allowance.PerOperation}} {
			if v.Said(field + "." + n.name) {
				last = field + "." + n.name
				*n.value = v.Whole(last)
			}
		}
		if err := allowance.Check(); err != nil && v.Good(field) {
			v.WrongBeside(last, field, "%w", err)
		}
		own[role] = allowance
	}
	return own
}
