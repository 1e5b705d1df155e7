package ledger

import (
	"fmt"
	"maps"
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// AuthorRules tells a verification which events needed their author's
// signature, by the edition of the rulebook that each event names. The ledger
// knows no room; whoever verifies brings the rulebooks.
type AuthorRules interface {
	// Adopts tells whether events of the kind say which rulebooks are adopted.
	// It is safe for concurrent use.
	Adopts(domain.Kind) bool
	// Learn is told of these events, in the order of the log, before Of is
	// asked about what comes after them.
	Learn(domain.Recorded)
	// Of returns what an edition asks for; false where its file is not at hand.
	Of(edition string) (domain.AuthorSignatureRules, bool)
}

// author checks that the event carries its author's signature where the
// rulebook asked for it, as the Recorder does when it records.
func (v *verification) author(e checkedEvent) error {
	rules, ok := v.cfg.Authors.Of(e.rulebook)
	if !ok {
		if v.report.AuthorsUnchecked == nil {
			v.report.AuthorsUnchecked = map[string]int{}
		}
		v.report.AuthorsUnchecked[e.rulebook]++
		return nil
	}
	if e.imported || !rules.Require(e.kind, domain.Act{Role: e.role}) {
		return nil
	}
	v.report.AuthorsRequired++
	for _, s := range e.claim.sigs {
		k := v.trust.keys[s.KeyID]
		if k == nil { // left unjudged, and counted as such
			return nil
		}
		if k.Purpose == domain.KeyOfAuthor && s.KeyID != e.claim.about {
			return nil
		}
	}
	id, version := domain.ParseEdition(e.rulebook)
	return e.claim.fail("%s is not signed by %s, who acted: rulebook %s, version %s, requires that (%s)", e.kind.Unversioned(), e.claim.actor, id, version, rules.Source)
}

// sayAuthors puts into words what was and what was not checked of authors.
func (v *verification) sayAuthors() {
	r := &v.report
	if v.cfg.Authors == nil {
		return
	}
	r.Checked = append(r.Checked, fmt.Sprintf("the author's signature where the rulebook asked for it (%d events)", r.AuthorsRequired))
	r.NotChecked = append(r.NotChecked, r.UncheckedAuthors()...)
}

// UncheckedAuthors says of which editions it was not checked whether authors
// signed what they had to.
func (r Report) UncheckedAuthors() []string {
	out := []string{}
	for _, edition := range slices.Sorted(maps.Keys(r.AuthorsUnchecked)) {
		id, version := domain.ParseEdition(edition)
		out = append(out, fmt.Sprintf("whether authors signed where rulebook %s, version %s, asked for it (%d events): its file is not at hand", id, version, r.AuthorsUnchecked[edition]))
	}
	return out
}
