package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/projections/query"
)

// Tenths is how many parts of equal size the officers are cut into.
const Tenths = 10

// Concentration is how far complaints gather on few officers.
//
// A complaint counts once for each officer it is about: whom it named, whom
// its conclusion found responsible, and whom a finding on it concerns. The
// officers are those of the unit, as it stands today, who were in the service
// on a day of the period; those without any complaint count among them.
type Concentration struct {
	// Officers is how many there are. Named of them have a complaint.
	Officers int
	Named    Bucket
	// Complaints and Sustained are the sums of what the tenths hold.
	Complaints Bucket
	Sustained  Bucket
	// ByComplaints are the tenths of the officers by complaints received in
	// the period, the most complained-of first. BySustained are those by
	// findings on these complaints that bore them out, in whole or in part,
	// and stand; officers are ranked for it anew.
	ByComplaints []Tenth
	BySustained  []Tenth
}

// Tenth is one tenth of the officers. Where their number is no multiple of
// ten, the first k tenths together hold k tenths of it, rounded up.
//
// Which of several officers with equal counts falls into which tenth does not
// matter: only their counts are summed, and these are equal.
type Tenth struct {
	Officers int
	Count    int
	// Share of all and Cumulative, with the tenths before it, in hundredths
	// of a percent; 0 where there is nothing to share.
	Share      int
	Cumulative int
	// Suppressed: the count is small enough to lead back to a person and is
	// not told. CumulativeSuppressed: nor is the sum up to here, which holds
	// a count that is not told.
	Suppressed           bool
	CumulativeSuppressed bool
}

// ConcentrationFilter narrows the officers and the complaints.
type ConcentrationFilter struct {
	// Unit with everything below it.
	Unit domain.UnitID
	// From and To: complaints received on these days or between them, and
	// officers in the service then.
	From domain.Date
	To   domain.Date
}

// ComplaintConcentration tells how far complaints gather on few officers;
// nil for roles that see no complaints, and for a unit outside their scope.
// The public and overseers see counts alone: small cells are suppressed for
// them, all of them where a tenth is fewer than SmallCell officers, and they
// may not narrow it further than Statistics.
func (r *Reader) ComplaintConcentration(ctx context.Context, f ConcentrationFilter) (*Concentration, error) {
	if !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From) {
		return nil, domain.Refuse(domain.CodeInvalid, "to", "%s lies before the first day, %s", f.To, f.From)
	}
	counter, outside := r.counter()
	switch {
	case outside:
		if err := r.subtractable(StatisticsFilter{Unit: f.Unit, ReceivedFrom: f.From, ReceivedTo: f.To}); err != nil {
			return nil, err
		}
		defer func() { r.statements.Add(counter.statements.Load()) }()
	case !slices.Contains([]domain.Role{domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader}, r.who.Role):
		return nil, nil
	}
	s, err := counter.scoped(ctx)
	if err != nil {
		return nil, err
	}
	if seen, err := counter.inScope(ctx, s, f.Unit); err != nil || !seen {
		return nil, err
	}
	complaints, sustained, err := counter.countsOf(ctx, s, f)
	if err != nil {
		return nil, err
	}
	out := &Concentration{Officers: len(complaints)}
	for _, n := range complaints {
		if n > 0 {
			out.Named.Count++
		}
	}
	out.ByComplaints, out.Complaints.Count = tenths(complaints)
	out.BySustained, out.Sustained.Count = tenths(sustained)
	if outside {
		out.suppress()
	}
	return out, nil
}

// counter returns the reader that counts for this one, and whether what it
// counts has to be suppressed. Who sees no object may still see counts: those
// of the units in scope for an overseer, of the whole ledger for the public.
func (r *Reader) counter() (counter *Reader, outside bool) {
	if r.who.Role != domain.RolePublic && r.who.Role != domain.RoleOverseer {
		return r, false
	}
	units := r.who.Units
	if r.who.everywhere() || r.who.Role == domain.RolePublic {
		units = []domain.UnitID{AllUnits}
	}
	return r.views.As(Principal{Role: domain.RoleAuditor, Units: units}), true
}

// countsOf returns the complaints, and the findings that bore them out, of
// each officer of the filter; each list for itself, without order.
func (r *Reader) countsOf(ctx context.Context, s scope, f ConcentrationFilter) (complaints, sustained []int, err error) {
	where := query.And(s.officer("x"), below("x.unit", f.Unit), inService(f.From, f.To))
	if s.recuses() {
		where = query.And(where, s.apart("x.id"))
	}
	received := s.complaints(ComplaintFilter{ReceivedFrom: f.From, ReceivedTo: f.To})
	found := query.And(s.finding("f"), query.C("f.officer <> ''"), query.If(!f.From.IsZero(), "x.received_on >= ?", f.From.String()),
		query.If(!f.To.IsZero(), "x.received_on <= ? AND x.received_on <> ''", f.To.String()))
	// A complaint of old records may be about somebody by its findings alone.
	sql := "WITH found (officer, complaint, sustained) AS MATERIALIZED (SELECT f.officer, f.complaint, CASE WHEN NOT f.overturned AND f.result IN (?, ?) THEN 1 ELSE 0 END" +
		" FROM findings f JOIN complaints x ON x.id = f.complaint" + found.Where() + "), " +
		"about (officer, complaint) AS (SELECT officer, complaint FROM found UNION SELECT co.officer, co.complaint FROM complaint_officers co" +
		" JOIN complaints x ON x.id = co.complaint" + received.Where() + "), " +
		"named (officer, n) AS (SELECT officer, count(*) FROM about GROUP BY officer), " +
		"borne (officer, n) AS (SELECT officer, sum(sustained) FROM found GROUP BY officer) " +
		"SELECT coalesce(named.n, 0), coalesce(borne.n, 0) FROM officers x LEFT JOIN named ON named.officer = x.id" +
		" LEFT JOIN borne ON borne.officer = x.id" + where.Where()
	args := slices.Concat([]any{string(misconduct.ResultSustained), string(misconduct.ResultPartlySustained)}, found.Args, received.Args, where.Args)
	err = r.ask(ctx, sql, args, func(st dbRow) error {
		complaints, sustained = append(complaints, st.ColumnInt(0)), append(sustained, st.ColumnInt(1))
		return nil
	})
	return complaints, sustained, err
}

// tenths cuts the counts, one for each officer, into tenths, the greatest
// first, and returns their sum with them.
func tenths(counts []int) ([]Tenth, int) {
	slices.SortFunc(counts, func(a, b int) int { return b - a })
	total := 0
	for _, n := range counts {
		total += n
	}
	out, at, sum := make([]Tenth, Tenths), 0, 0
	for k := range out {
		end := ((k+1)*len(counts) + Tenths - 1) / Tenths
		t := &out[k]
		for t.Officers = end - at; at < end; at++ {
			t.Count += counts[at]
		}
		sum += t.Count
		t.Share, t.Cumulative = shareOf(t.Count, total), shareOf(sum, total)
	}
	return out, total
}

// suppress hides what could lead back to a person.
func (c *Concentration) suppress() {
	suppressTenths(c.ByComplaints)
	suppressTenths(c.BySustained)
	hide := func(b *Bucket, small bool) {
		if small {
			b.Count, b.Suppressed = 0, true
		}
	}
	small := func(n int) bool { return n > 0 && n < SmallCell }
	hide(&c.Named, small(c.Named.Count) || small(c.Officers-c.Named.Count) ||
		slices.ContainsFunc(c.ByComplaints, func(t Tenth) bool { return t.Suppressed }))
	hide(&c.Complaints, small(c.Complaints.Count))
	hide(&c.Sustained, small(c.Sustained.Count))
}

// suppressTenths hides the small cells and as many of the next smallest as it
// takes. A tenth nobody of whom is counted stays: that tells nothing of
// anybody. Tenths of few officers are hidden whatever they hold.
func suppressTenths(list []Tenth) {
	few := slices.ContainsFunc(list, func(t Tenth) bool { return t.Officers < SmallCell })
	var cells []Bucket
	for _, t := range list {
		if t.Count > 0 {
			cells = append(cells, Bucket{Count: t.Count})
		}
	}
	suppress(cells)
	hidden, at := false, 0
	for i := range list {
		t := &list[i]
		if t.Count > 0 {
			t.Suppressed = cells[at].Suppressed
			at++
		}
		t.Suppressed = t.Suppressed || few
		if t.Suppressed {
			t.Count, t.Share = 0, 0
		}
		hidden = hidden || t.Suppressed
		if t.CumulativeSuppressed = hidden; hidden {
			t.Cumulative = 0
		}
	}
}
