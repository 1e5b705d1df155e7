package main

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/budget"
	"github.com/probity-ledger/probity/graphql/trusted"
)

// accessEntry is what stands under graphql in a settings file.
type accessEntry struct {
	TrustedDocuments said                      `yaml:"trustedDocuments"`
	Strict           said                      `yaml:"strict"`
	AdHoc            []said                    `yaml:"adHoc"`
	Proxies          []said                    `yaml:"proxies"`
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
	if err := file.decodeAt("graphql", &e); err != nil {
		return access, err
	}
	for _, read := range []func(settingsFile, accessEntry, *graphql.Access) error{readTrusted, readAdHoc, readProxies, readBudgets} {
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

func readProxies(file settingsFile, e accessEntry, access *graphql.Access) error {
	for i, p := range e.Proxies {
		prefix, err := netip.ParsePrefix(p.text)
		if err != nil {
			var addr netip.Addr
			if addr, err = netip.ParseAddr(p.text); err == nil {
				prefix = netip.PrefixFrom(addr, addr.BitLen())
			}
		}
		if err != nil {
			return file.wrong(p.line, fmt.Sprintf("graphql.proxies[%d]", i), "%q is no address, as 10.0.0.1, and no range of them, as 10.0.0.0/8", p.text)
		}
		access.Proxies = append(access.Proxies, prefix)
	}
	return nil
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

// knownInFile says whether a settings file may hold the key. What stands under
// graphql is looked at when it is read.
func knownInFile(key string) bool {
	first, _, _ := strings.Cut(key, ".")
	return first == "graphql" || knownSetting(key)
}
