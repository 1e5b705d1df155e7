package ledger_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/ledger"
)

// orders are rulebooks at hand, by edition.
type orders struct {
	held    map[string]*domain.Rulebook
	learned []domain.Kind
}

func (o *orders) Adopts(k domain.Kind) bool { return k.Room() == "reward" }

func (o *orders) Learn(r domain.Recorded) { o.learned = append(o.learned, r.Event.Kind()) }

func (o *orders) Of(edition string) (domain.AuthorSignatureRules, bool) {
	book, ok := o.held[edition]
	if !ok {
		return domain.AuthorSignatureRules{}, false
	}
	return book.AuthorSignature, true
}

func TestAMissingAuthorsSignatureIsFound(t *testing.T) {
	nominated := reward.Nominated{Unit: "U7", Honour: "commendation", Merit: "diligence"}
	imported := nominate("R3", 0)
	imported.Act.Source = "sha256:" + strings.Repeat("0", 64)
	bySystem := nominate("R4", 0)
	bySystem.Act.Actor, bySystem.Act.Role = domain.ActorSystem, domain.RoleSystem
	for _, x := range []struct {
		name  string
		forge func(*desk)
		fails bool
	}{
		{"signed by who acted", func(d *desk) { d.forge(t, nominate("R2", 0), nominated, d.signer, d.li) }, false},
		{"without the author", func(d *desk) { d.forge(t, nominate("R2", 0), nominated, d.signer) }, true},
		{"imported history", func(d *desk) { d.forge(t, imported, nominated, d.signer) }, false},
		{"by the system", func(d *desk) { d.forge(t, bySystem, nominated, d.signer) }, false},
		{"what needs no author", func(d *desk) {
			d.forge(t, verifyMerit("R1", 0), reward.Verified{Opinion: "borne out"}, d.signer)
		}, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			d := newDesk(t, order())
			d.signed(t, nominate("R1", 0), d.li)
			before := d.head()
			x.forge(d)
			for _, fast := range []bool{false, true} {
				rules := &orders{held: map[string]*domain.Rulebook{"cn-2024": order()}}
				report, err := ledger.Verify(t.Context(), d.store, ledger.VerifyConfig{Codec: d.codec, Keys: d.keys, Fast: fast, Authors: rules})
				failure, bad := errors.AsType[*ledger.IntegrityError](err)
				if bad != x.fails || err != nil && !bad {
					t.Fatalf("fast=%t: %v", fast, err)
				}
				if bad && (failure.Position != before+1 || !strings.Contains(err.Error(), "reward.nominated is not signed by hr-li, who acted") || !strings.Contains(err.Error(), "order 7 of the agency")) {
					t.Errorf("fast=%t: %v", fast, err)
				}
				if !bad && (report.AuthorsRequired < 1 || len(report.AuthorsUnchecked) > 0 || len(rules.learned) < 2) {
					t.Errorf("fast=%t: %+v, learned %v", fast, report, rules.learned)
				}
			}
			// Without the file nothing is known, and the report says so.
			report, err := ledger.Verify(t.Context(), d.store, ledger.VerifyConfig{Codec: d.codec, Keys: d.keys, Authors: &orders{}})
			if err != nil || report.AuthorsUnchecked["cn-2024"] != report.Events || len(report.UncheckedAuthors()) != 1 ||
				!strings.Contains(report.NotChecked[0], "rulebook cn-2024, version 1") {
				t.Errorf("without the file: %+v, %v", report, err)
			}
		})
	}
}
