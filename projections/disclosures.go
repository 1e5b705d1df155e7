package projections

import (
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// Disclosure is an item due to the public on a medium, as it stands.
type Disclosure struct {
	ID       domain.DisclosureID  `db:"id"`
	Title    string               `db:"title"`
	Category string               `db:"category"`
	Medium   string               `db:"medium"`
	Unit     domain.UnitID        `db:"unit"`
	About    domain.EnforcementID `db:"about"`
	Status   string               `db:"status"`
	// Due is the last day for its publication.
	Due         domain.Date `db:"due"`
	PublishedOn domain.Date `db:"published_on"`
	DaysLate    int         `db:"days_late"`
	URL         string      `db:"url"`
	Place       string      `db:"place"`
	CorrectedOn domain.Date `db:"corrected_on"`
	Correction  string      `db:"correction"`
	// WithdrawBy is the last day to withdraw it, once that is required.
	WithdrawBy       domain.Date `db:"withdraw_by"`
	WithdrawnOn      domain.Date `db:"withdrawn_on"`
	WithdrawReason   string      `db:"withdraw_reason"`
	WithdrawDaysLate int         `db:"withdraw_days_late"`
	Imported         bool        `db:"imported"`

	// Overdue: its day has passed, and it is not published; or it stands
	// published after the day by which it was to be withdrawn.
	Overdue bool
}

// DisclosureFilter narrows the register of disclosures. Zero fields do not
// narrow.
type DisclosureFilter struct {
	Unit        domain.UnitID // with everything below it
	Medium      string
	Category    string
	Status      string
	Enforcement domain.EnforcementID
	Overdue     bool
	// Late: published after its day.
	Late     bool
	DueFrom  domain.Date
	DueTo    domain.Date
	Imported *bool
}

type disclosureRow struct {
	Disclosure
	kept[disclosure.Item]
}

var disclosureTable = newTable[disclosureRow]("disclosures", "due, id", "unit", "about")

var disclosureShelf = shelf[disclosureRow, Disclosure, domain.DisclosureID]{
	name: "disclosures", table: disclosureTable, order: []string{"due", "id"}, desc: true,
	seen: scope.disclosure, show: showDisclosure, id: func(x *Disclosure) domain.DisclosureID { return x.ID },
}

func (g *registers) foldDisclosure(d *ledger.Decoded) error {
	row, err := g.disclosures.change(d)
	if err != nil {
		return err
	}
	s := row.held()
	applyTo(s, d)
	row.Status, row.Medium, row.Unit, row.Due, row.About = string(s.Status), string(s.Medium), s.Unit, s.By, s.About
	row.PublishedOn, row.WithdrawBy = s.On, s.WithdrawBy
	switch e := d.Event.(type) {
	case disclosure.Due:
		row.Title, row.Category = e.Title, e.Category
	case disclosure.Imported:
		row.Title, row.Category, row.URL, row.Place, row.PublishedOn = e.Title, e.Category, e.URL, e.Place, e.PublishedOn
	case disclosure.Published:
		row.PublishedOn, row.DaysLate, row.URL, row.Place = e.On, e.DaysLate, e.URL, e.Place
	case disclosure.Corrected:
		row.CorrectedOn, row.Correction = g.day(d), e.Reason
	case disclosure.Withdrawn:
		row.WithdrawnOn, row.WithdrawReason, row.WithdrawDaysLate = e.On, e.Reason, e.DaysLate
	}
	row.Imported = row.Imported || d.Act.Imported()
	return nil
}

func showDisclosure(r *Reader, row *disclosureRow) Disclosure {
	out, today := row.Disclosure, r.today()
	switch disclosure.Status(out.Status) {
	case disclosure.StatusDue:
		out.Overdue = !out.Due.IsZero() && today.After(out.Due)
	case disclosure.StatusPublished:
		out.Overdue = !out.WithdrawBy.IsZero() && today.After(out.WithdrawBy)
	}
	return out
}

// Disclosure returns the item; nil when there is none to be seen.
func (r *Reader) Disclosure(ctx context.Context, id domain.DisclosureID) (*Disclosure, error) {
	return disclosureShelf.one(ctx, r, id)
}

// DisclosuresByID returns those that are seen.
func (r *Reader) DisclosuresByID(ctx context.Context, ids []domain.DisclosureID) (map[domain.DisclosureID]*Disclosure, error) {
	return disclosureShelf.byID(ctx, r, ids)
}

// Disclosures lists the register of disclosures, the last due first.
func (r *Reader) Disclosures(ctx context.Context, f DisclosureFilter, p Page) (*List[Disclosure], error) {
	today := r.views.today().String()
	return disclosureShelf.list(ctx, r, query.And(below("x.unit", f.Unit), query.Eq("x.medium", f.Medium), query.Eq("x.category", f.Category),
		query.Eq("x.status", f.Status), query.Eq("x.about", f.Enforcement), is("x.imported", f.Imported),
		query.If(f.Late, "x.days_late > 0"),
		query.If(f.Overdue, "(x.status = ? AND x.due <> '' AND x.due < ? OR x.status = ? AND x.withdraw_by <> '' AND x.withdraw_by < ?)",
			string(disclosure.StatusDue), today, string(disclosure.StatusPublished), today),
		query.If(!f.DueFrom.IsZero(), "x.due >= ?", f.DueFrom.String()),
		query.If(!f.DueTo.IsZero(), "x.due <= ? AND x.due <> ''", f.DueTo.String())), p)
}
