package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// Norm is a rule text with all its adopted versions, as it stands.
type Norm struct {
	ID     domain.NormID    `db:"id"`
	Kind   string           `db:"kind"`
	Title  string           `db:"title"`
	Unit   domain.UnitID    `db:"unit"`
	Owner  domain.OfficerID `db:"owner"`
	Status string           `db:"status"`
	// Latest is the number of the last adopted version.
	Latest int `db:"latest"`
	// FirstFrom is the first day of the first version, RepealedFrom the
	// first day on which none is in force any more.
	FirstFrom    domain.Date `db:"first_from"`
	RepealedFrom domain.Date `db:"repealed_from"`
	ReviewBy     domain.Date `db:"review_by"`
	OpenGaps     int         `db:"open_gaps"`
	Imported     bool        `db:"imported"`

	Versions []norm.Version
	Gaps     []NormGap
	Reviews  []NormReview
	state    norm.Norm
}

// InForce returns the version in force on the day, and whether there is one.
func (n *Norm) InForce(day domain.Date) (norm.Version, bool) { return n.state.InForce(day) }

// NormGap is a gap found in a norm.
type NormGap struct {
	Code        string
	Text        string
	Clause      string
	Case        domain.CaseID
	Enforcement domain.EnforcementID
	Version     int
	FoundOn     domain.Date
	CloseBy     domain.Date
	ClosedOn    domain.Date
	// ClosedIn is the version that closes it.
	ClosedIn int
	DaysLate int
}

// NormReview is a periodic review of a norm.
type NormReview struct {
	On       domain.Date
	Outcome  string
	Opinion  string
	DaysLate int
}

// NormFilter narrows the register of norms. Zero fields do not narrow.
type NormFilter struct {
	Unit   domain.UnitID // with everything below it
	Kind   string
	Status string
	// InForceOn: a version is in force on the day.
	InForceOn domain.Date
	// OpenGaps: with at least one gap that is not closed, or without any.
	OpenGaps *bool
	// ReviewOverdue: in force, and to be reviewed before today.
	ReviewOverdue bool
	Imported      *bool
}

// Acknowledgement is how many of the officers a norm is for have acknowledged
// its latest version.
type Acknowledgement struct {
	Officers     int
	Acknowledged int
	// Share in hundredths of a percent; 0 where it is for nobody.
	Share int
}

type normRow struct {
	Norm
	kept[normBody]
}

type normBody struct {
	State   norm.Norm
	Gaps    []NormGap
	Reviews []NormReview
}

var normTable = newTable[normRow]("norms", "kind, id", "unit")

var normShelf = shelf[normRow, Norm, domain.NormID]{
	name: "norms", table: normTable, order: []string{"id"},
	seen: scope.norm, show: showNorm, id: func(n *Norm) domain.NormID { return n.ID },
}

func (g *registers) foldNorm(d *ledger.Decoded) error {
	row, err := g.norms.change(d)
	if err != nil {
		return err
	}
	b := row.held()
	applyTo(&b.State, d)
	switch e := d.Event.(type) {
	case norm.GapFound:
		b.Gaps = append(b.Gaps, NormGap{Code: e.Gap, Text: e.Text, Clause: e.Clause, Case: e.Case, Enforcement: e.Enforcement,
			Version: e.Version, FoundOn: g.day(d), CloseBy: e.CloseBy})
	case norm.GapClosed:
		if i := slices.IndexFunc(b.Gaps, func(x NormGap) bool { return x.Code == e.Gap && x.ClosedOn.IsZero() }); i >= 0 {
			b.Gaps[i].ClosedOn, b.Gaps[i].ClosedIn, b.Gaps[i].DaysLate = g.day(d), e.Version, e.DaysLate
		}
	case norm.Reviewed:
		b.Reviews = append(b.Reviews, NormReview{g.day(d), string(e.Outcome), e.Opinion, e.DaysLate})
	case norm.Acknowledged:
		if err := g.exec("INSERT INTO acknowledgements (norm, officer, version) VALUES (?, ?, ?) ON CONFLICT (norm, officer) DO UPDATE SET version = excluded.version",
			d.Act.Subject, string(e.Officer), e.Version); err != nil {
			return err
		}
	}
	s := &b.State
	row.Kind, row.Title, row.Unit, row.Owner, row.Status = string(s.NormKind), s.Title, s.Unit, s.Owner, string(s.Status)
	row.ReviewBy, row.RepealedFrom, row.OpenGaps = s.ReviewBy, s.RepealedFrom, 0
	for _, gap := range b.Gaps {
		if gap.ClosedOn.IsZero() {
			row.OpenGaps++
		}
	}
	for i, v := range s.Versions {
		row.Latest = max(row.Latest, v.Number)
		if i == 0 || v.From.Before(row.FirstFrom) {
			row.FirstFrom = v.From
		}
	}
	row.Imported = row.Imported || d.Act.Imported()
	return g.foldNormGap(d, row)
}

func showNorm(_ *Reader, row *normRow) Norm {
	out, b := row.Norm, row.held()
	out.Versions, out.Gaps, out.Reviews, out.state = b.State.Versions, b.Gaps, b.Reviews, b.State
	return out
}

// Today is the day on which the reader answers, in the calendar of the views.
func (r *Reader) Today() domain.Date { return r.today() }

// Norm returns the norm; nil when there is none to be seen.
func (r *Reader) Norm(ctx context.Context, id domain.NormID) (*Norm, error) {
	return normShelf.one(ctx, r, id)
}

// NormsByID returns those that are seen.
func (r *Reader) NormsByID(ctx context.Context, ids []domain.NormID) (map[domain.NormID]*Norm, error) {
	return normShelf.byID(ctx, r, ids)
}

// Norms lists the register of norms by id.
func (r *Reader) Norms(ctx context.Context, f NormFilter, p Page) (*List[Norm], error) {
	today := r.views.today().String()
	on := f.InForceOn.String()
	return normShelf.list(ctx, r, query.And(below("x.unit", f.Unit), query.Eq("x.kind", f.Kind), query.Eq("x.status", f.Status),
		query.If(on != "", "x.first_from <> '' AND x.first_from <= ? AND (x.repealed_from = '' OR x.repealed_from > ?)", on, on),
		is("(x.open_gaps > 0)", f.OpenGaps), is("x.imported", f.Imported),
		query.If(f.ReviewOverdue, "x.status = ? AND x.review_by <> '' AND x.review_by < ?", string(norm.StatusAdopted), today)), p)
}

// Acknowledgements counts, for each norm that is seen, the officers in its
// unit and below, and how many of them have acknowledged its latest version.
// A norm without a unit is for everyone.
func (r *Reader) Acknowledgements(ctx context.Context, ids []domain.NormID) (map[domain.NormID]Acknowledgement, error) {
	out := map[domain.NormID]Acknowledgement{}
	s, err := r.scoped(ctx)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	// The roots of the tree have no parent, so that a norm without a unit
	// begins above them all.
	where := query.And(query.In("n.id", ids), query.C("n.latest > 0"), s.norm("n"))
	err = r.ask(ctx, "WITH RECURSIVE below (norm, latest, id) AS (SELECT n.id, n.latest, n.unit FROM norms n"+where.Where()+
		" UNION SELECT b.norm, b.latest, u.id FROM units u JOIN below b ON u.parent = b.id)"+
		" SELECT b.norm, count(*), count(a.officer) FROM below b JOIN officers o ON o.unit = b.id AND o.status <> 'separated'"+
		" LEFT JOIN acknowledgements a ON a.norm = b.norm AND a.officer = o.id AND a.version >= b.latest GROUP BY b.norm", where.Args,
		func(st dbRow) error {
			a := Acknowledgement{Officers: st.ColumnInt(1), Acknowledged: st.ColumnInt(2)}
			a.Share = shareOf(a.Acknowledged, a.Officers)
			out[domain.NormID(st.ColumnText(0))] = a
			return nil
		})
	return out, err
}
