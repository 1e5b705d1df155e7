package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// Rulebook is one rulebook with the versions that were adopted.
type Rulebook struct {
	ID domain.RulebookID `db:"id"`
	// FirstFrom is the first day of its first version, LastTo the last day of
	// its last: zero until further notice.
	FirstFrom domain.Date `db:"first_from"`
	LastTo    domain.Date `db:"last_to"`
	// SupersededBy is the rulebook that took its place, on the day after
	// LastTo.
	SupersededBy domain.RulebookID `db:"superseded_by"`
	Imported     bool              `db:"imported"`

	// Versions are in the order of their periods.
	Versions []RulebookVersion

	state rulebook.Rulebook
}

// RulebookVersion is one form of a rulebook, with how it came to be.
type RulebookVersion struct {
	rulebook.Version
	// Reason says what changed, of a version that amends another.
	Reason string
	// AdoptedOn is the day on which By put it in force.
	AdoptedOn domain.Date
	By        domain.ActorID
	Event     domain.EventID
	Imported  bool
}

// InForce returns the version in force on the day, and whether there is one.
func (b *Rulebook) InForce(on domain.Date) (RulebookVersion, bool) {
	v, ok := b.state.InForce(on)
	if i := b.version(v.Version); ok && i >= 0 {
		return b.Versions[i], true
	}
	return RulebookVersion{}, false
}

func (b *Rulebook) version(name string) int {
	return slices.IndexFunc(b.Versions, func(x RulebookVersion) bool { return x.Version.Version == name })
}

// RulebookFilter narrows the register of rulebooks. Zero fields do not narrow.
type RulebookFilter struct {
	// InForceOn: a version is in force on the day.
	InForceOn domain.Date
	// Superseded: another rulebook took its place, or none did.
	Superseded *bool
	Imported   *bool
}

type rulebookRow struct {
	Rulebook
	kept[rulebookBody]
}

type rulebookBody struct {
	State    rulebook.Rulebook
	Versions []RulebookVersion
}

var rulebookTable = newTable[rulebookRow]("rulebooks")

var rulebookShelf = shelf[rulebookRow, Rulebook, domain.RulebookID]{
	name: "rulebooks", table: rulebookTable, order: []string{"id"},
	seen: scope.rulebook, show: showRulebook, id: func(b *Rulebook) domain.RulebookID { return b.ID },
}

func (g *registers) foldRulebook(d *ledger.Decoded) error {
	row, err := g.rulebooks.change(d)
	if err != nil {
		return err
	}
	b := row.held()
	applyTo(&b.State, d)
	reason := ""
	if e, ok := d.Event.(rulebook.Amended); ok {
		reason = e.Reason
	}
	// The room says which versions there are now and when each is in force;
	// the one it did not have before is what this event put in force.
	before := Rulebook{Versions: b.Versions}
	b.Versions = nil
	for _, v := range b.State.Versions {
		one := RulebookVersion{Reason: reason, AdoptedOn: g.day(d), By: d.Act.Actor, Event: d.ID, Imported: d.Act.Imported()}
		if i := before.version(v.Version); i >= 0 {
			one = before.Versions[i]
		}
		one.Version = v
		b.Versions = append(b.Versions, one)
	}
	if n := len(b.Versions); n > 0 {
		row.FirstFrom, row.LastTo = b.Versions[0].From, b.Versions[n-1].To
	}
	row.SupersededBy = b.State.SupersededBy
	row.Imported = row.Imported || d.Act.Imported()
	return nil
}

func showRulebook(_ *Reader, row *rulebookRow) Rulebook {
	out, b := row.Rulebook, row.held()
	out.Versions, out.state = b.Versions, b.State
	return out
}

// Rulebook returns the rulebook; nil when there is none to be seen.
func (r *Reader) Rulebook(ctx context.Context, id domain.RulebookID) (*Rulebook, error) {
	return rulebookShelf.one(ctx, r, id)
}

// RulebooksByID returns those that are seen.
func (r *Reader) RulebooksByID(ctx context.Context, ids []domain.RulebookID) (map[domain.RulebookID]*Rulebook, error) {
	return rulebookShelf.byID(ctx, r, ids)
}

// Rulebooks lists the register of rulebooks by id.
func (r *Reader) Rulebooks(ctx context.Context, f RulebookFilter, p Page) (*List[Rulebook], error) {
	on := f.InForceOn.String()
	return rulebookShelf.list(ctx, r, query.And(
		query.If(on != "", "EXISTS (SELECT 1 FROM "+query.Elements("x.body", "State", "Versions")+" v WHERE v.value ->> 'From' <= "+query.Given+" AND (v.value ->> 'To' = '' OR v.value ->> 'To' >= "+query.Given+"))", on, on),
		is("(x.superseded_by <> '')", f.Superseded), is("x.imported", f.Imported)), p)
}
