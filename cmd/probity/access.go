package main

import (
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/trusted"
)

// graphqlSettings is the name under which they stand. What lies below it is
// looked at when it is read.
const graphqlSettings = "graphql"

// accessEntry is what stands under graphql in a settings file.
type accessEntry struct {
	TrustedDocuments said                      `yaml:"trustedDocuments"`
	Strict           said                      `yaml:"strict"`
	AdHoc            []said                    `yaml:"adHoc"`
	Budgets          map[string]allowanceEntry `yaml:"budgets"`
}

// allowanceEntry is what one role may spend; what is left out is the default.
type allowanceEntry struct {
	PerSecond    said `yaml:"perSecond"`
	Burst        said `yaml:"burst"`
	PerOperation said `yaml:"perOperation"`
}

// defaultAccess is that of a server nobody told otherwise.
func defaultAccess() graphql.Access { return graphql.Access{Budgets: budget.Defaults()} }

// accessFrom reads what a settings file says about GraphQL; without a file
// the default.
func accessFrom(path string) (graphql.Access, error) {
	access := defaultAccess()
	if path == "" {
		return access, nil
	}
	file, err := readSettings(path)
	if err != nil {
		return access, err
	}
	var e accessEntry
	if err := file.decodeAt(graphqlSettings, &e); err != nil {
		return access, err
	}
	for _, read := range []func(settingsFile, accessEntry, *graphql.Access) error{readTrusted, readAdHoc, readBudgets} {
		if err := read(file, e, &access); err != nil {
			return access, err
		}
	}
	return access, nil
}

func readTrusted(file settingsFile, e accessEntry, access *graphql.Access) error {
	if documents := e.TrustedDocuments; documents.text != "" {
		path := documents.text
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(file.path), path)
		}
		var err error
		if access.Documents, err = trusted.Load(path); err != nil {
			return file.wrong(documents.line, "graphql.trustedDocuments", "%w", err)
		}
	}
	switch e.Strict.text {
	case "", "false":
	case "true":
		access.Strict = true
	default:
		return file.wrong(e.Strict.line, "graphql.strict", "is %q; write true or false", e.Strict.text)
	}
	if access.Strict && access.Documents == nil {
		return file.wrong(e.Strict.line, "graphql.strict", "is true, and no trustedDocuments are given: nobody could ask anything")
	}
	return nil
}

func readAdHoc(file settingsFile, e accessEntry, access *graphql.Access) error {
	for i, name := range e.AdHoc {
		role, err := asking(name.text)
		if err != nil {
			return file.wrong(name.line, fmt.Sprintf("graphql.adHoc[%d]", i), "%w", err)
		}
		access.AdHoc = append(access.AdHoc, role)
	}
	if len(e.AdHoc) > 0 && !access.Strict {
		return file.wrong(e.AdHoc[0].line, "graphql.adHoc", "counts with strict: true only; without it everybody may ask anything")
	}
	return nil
}

// asking is the role of that name, if anybody asks in it.
func asking(name string) (domain.Role, error) {
	role, ok := domain.ParseRole(name)
	if _, asks := budget.Defaults()[role]; !ok || !asks {
		return "", fmt.Errorf("%q is no role that asks; there are public, officer, handler, intake, inspector, leader, hr, overseer, auditor", name)
	}
	return role, nil
}

func readBudgets(file settingsFile, e accessEntry, access *graphql.Access) error {
	own := budget.Allowances{}
	for name, entry := range e.Budgets {
		field := "graphql.budgets." + name
		line := max(entry.PerSecond.line, entry.Burst.line, entry.PerOperation.line)
		role, err := asking(name)
		if err != nil {
			return file.wrong(line, field, "%w", err)
		}
		allowance := access.Budgets[role]
		for _, n := range []struct {
			name  string
			said  said
			value *int64
		}{{"perSecond", entry.PerSecond, &allowance.PerSecond}, {"burst", entry.Burst, &allowance.Burst}, {"perOperation", entry.PerOperation, &allowance.PerOperation}} {
			if n.said.text == "" {
				continue
			}
			if *n.value, err = strconv.ParseInt(n.said.text, 10, 64); err != nil {
				return file.wrong(n.said.line, field+"."+n.name, "%q is no whole number", n.said.text)
			}
		}
		if err := allowance.Check(); err != nil {
			return file.wrong(line, field, "%w", err)
		}
		own[role] = allowance
	}
	access.Budgets = access.Budgets.With(own)
	return nil
}
