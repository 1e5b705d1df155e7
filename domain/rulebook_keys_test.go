package domain_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
)

func TestWhoseSignatureAnEventNeeds(t *testing.T) {
	rules := domain.AuthorSignatureRules{Kinds: []string{"sanction.imposed"}, Source: "an order"}
	person := domain.Act{Actor: "leader-chen", Role: domain.RoleLeader}
	imported := domain.Act{Actor: "import", Role: domain.RoleImporter, Source: "sha256:…"}
	for _, c := range []struct {
		kind domain.Kind
		act  domain.Act
		want bool
	}{
		{"sanction.imposed.v1", person, true},
		{"sanction.imposed.v2", person, true},
		{"sanction.imposed_again.v1", person, false},
		{"sanction.proposed.v1", person, false},
		{"sanction.imposed.v1", domain.Act{Actor: domain.ActorSystem, Role: domain.RoleSystem}, false},
		{"sanction.imposed.v1", imported, false},
	} {
		if got := rules.Require(c.kind, c.act); got != c.want {
			t.Errorf("%s by %s: needs its author's signature: %t, want %t", c.kind, c.act.Actor, got, c.want)
		}
	}
	if got := (domain.AuthorSignatureRules{}).Require("sanction.imposed.v1", person); got {
		t.Error("a rulebook without the rule asks for it")
	}
}
