package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/migrate"
)

// What replicas share goes along, and each store has its own user, whatever
// the settings name.
func TestFromWhereToWhereALedgerGoes(t *testing.T) {
	const server, other, views = "esdb://n1:2113?tls=false", "esdb://n2:2113?tls=false", "postgres://db/probity"
	for name, tt := range map[string]struct {
		a                        app // the settings
		from, to                 namedStore
		sourceShares, toShares   bool
		sourceUser, targetUser   string
		sourceStore, targetStore string
	}{
		"into the folder":              {app{store: "embedded", views: views}, namedStore{server, "env:A"}, namedStore{"embedded", ""}, true, true, "env:A", "", server, "embedded"},
		"out of the folder":            {app{store: "embedded", views: views}, namedStore{}, namedStore{server, "env:B"}, false, true, "", "env:B", "embedded", server},
		"from the settings":            {app{store: server, storeCredentials: "file:x", views: views}, namedStore{}, namedStore{other, ""}, true, true, "file:x", "", server, other},
		"from there, with other users": {app{store: server, storeCredentials: "file:x", views: "sqlite"}, namedStore{"", "env:A"}, namedStore{other, "env:B"}, false, false, "env:A", "env:B", server, other},
		"not from the settings":        {app{store: server, storeCredentials: "file:x", views: "sqlite"}, namedStore{other, ""}, namedStore{"embedded", ""}, false, false, "", "", other, "embedded"},
		"the folder, settings aside":   {app{store: server, storeCredentials: "file:x", views: views}, namedStore{"embedded", ""}, namedStore{server, "env:B"}, false, true, "", "env:B", "embedded", server},
	} {
		source, target, err := tt.a.moves(tt.from, tt.to)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if source.Store != tt.sourceStore || source.StoreCredentials != tt.sourceUser || source.Replicas == views != tt.sourceShares {
			t.Errorf("%s: from %q by %q, sharing %q", name, source.Store, source.StoreCredentials, source.Replicas)
		}
		if target.Store != tt.targetStore || target.StoreCredentials != tt.targetUser || target.Replicas == views != tt.toShares {
			t.Errorf("%s: to %q by %q, sharing %q", name, target.Store, target.StoreCredentials, target.Replicas)
		}
	}
	a := app{store: "embedded", views: "sqlite"}
	for name, tt := range map[string]struct{ from, to namedStore }{
		"nowhere":               {namedStore{}, namedStore{}},
		"a user of the folder":  {namedStore{"", "env:A"}, namedStore{server, ""}},
		"a user of that folder": {namedStore{server, ""}, namedStore{"embedded", "env:A"}},
		"a password":            {namedStore{}, namedStore{"esdb://u:p@n1:2113", ""}},
		"no store":              {namedStore{"ledger.db", ""}, namedStore{server, ""}},
	} {
		if _, _, err := a.moves(tt.from, tt.to); exitCodeOf(err) != exitUsage {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A store that holds another ledger is the wrong one; one that does not hold
// what was copied there is damaged.
func TestADifferenceAfterTheCopyIsAFailureOfIntegrity(t *testing.T) {
	found := &migrate.Difference{Place: 1}
	if code := exitCodeOf(notMoved(fmt.Errorf("copy: %w", found))); code != exitFailed {
		t.Errorf("the wrong store: exit code %d", code)
	}
	err := notMoved(fmt.Errorf("%w: %w", &ledger.IntegrityError{What: "x"}, found))
	if code := exitCodeOf(err); code != exitIntegrity || !errors.Is(err, found) {
		t.Errorf("a damaged store: exit code %d, %v", code, err)
	}
}
