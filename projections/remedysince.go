package projections

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/projections/query"
)

const (
	// MaxSinceDays is over how many days before and after a change may be
	// counted, DefaultSinceDays over how many when nothing is said.
	MaxSinceDays     = 730
	DefaultSinceDays = 180

	// sinceWarnings bounds for how many warnings that led to one case it is
	// counted, the first raised first; sinceAsked how many comparisons one
	// statement holds.
	sinceWarnings = 10
	sinceAsked    = 400
)

// SinceOf asks what happened afterwards of a remedy, over at most so many days
// on either side. It is comparable, so that many can be asked at once.
type SinceOf struct {
	Remedy string
	Days   int
}

// Since is what was counted in the same number of days before a change and
// after it, as far as the principal may see it. It proves nothing: whatever
// else changed meanwhile is counted along.
type Since struct {
	// Warning led to the case; Rule is its rule, which is counted. Both are ""
	// where no warning did.
	Warning domain.WarningID
	Rule    string
	// On is the day of the change, which counts to neither side; Days how many
	// there are on each. Before they would overlap what is to come, there are
	// fewer than were asked for, and none on the day of the change.
	On   domain.Date
	Days int
	// Officer, Post or Unit is whom warnings of the rule are counted about: the
	// one that the warning was about.
	Officer domain.OfficerID
	Post    domain.PostID
	Unit    domain.UnitID
	// ComplaintsAt is the post about which complaints are counted; ActsOf and
	// ActsIn whose acts: of the officer, or in the unit and below.
	ComplaintsAt domain.PostID
	ActsOf       domain.OfficerID
	ActsIn       domain.UnitID
	Before       SinceSide
	After        SinceSide

	led []domain.WarningID // to the case: they count to neither side
}

// SinceSide is one side of a change. Nil counts were not asked for: there is no
// rule, no post, or nobody whose acts it could be.
type SinceSide struct {
	From, To   domain.Date
	Warnings   *int
	Complaints *int
	// Acts is the exposure: how many administrative acts were decided.
	Acts *int
}

// SinceRemedies counts what happened before and after each change; nothing
// where the change is not made, or may not be seen. It asks as many questions
// as there are sorts of counts for every few hundred comparisons.
func (r *Reader) SinceRemedies(ctx context.Context, of []SinceOf) (map[SinceOf][]Since, error) {
	var ids []string
	for _, o := range of {
		if o.Days < 1 || o.Days > MaxSinceDays {
			return nil, domain.Refuse(domain.CodeInvalid, "days", "must lie between 1 and %d", MaxSinceDays)
		}
		ids = append(ids, o.Remedy)
	}
	remedies, err := remedyShelf.byID(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	var cases []domain.CaseID
	for _, x := range remedies {
		if x.Status == RemedyDone {
			cases = append(cases, x.Case)
		}
	}
	slices.Sort(cases)
	warnings, err := r.WarningsByCase(ctx, slices.Compact(cases))
	if err != nil {
		return nil, err
	}
	out := map[SinceOf][]Since{}
	for _, o := range of {
		x := remedies[o.Remedy]
		if x == nil || x.Status != RemedyDone {
			continue
		}
		list := warnings[x.Case]
		out[o] = x.since(list, o.Days, r.today())
	}
	var all []*Since
	for _, o := range of {
		for i := range out[o] {
			all = append(all, &out[o][i])
		}
	}
	for some := range slices.Chunk(all, sinceAsked) {
		if err := r.compare(ctx, some); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// since are the comparisons of the remedy, not counted yet: one for each
// warning, or one without any.
func (x *Remedy) since(warnings []Warning, days int, today domain.Date) []Since {
	if len(warnings) == 0 {
		warnings = []Warning{{}}
	}
	led := make([]domain.WarningID, len(warnings))
	for i := range warnings {
		led[i] = warnings[i].ID
	}
	var out []Since
	for i := range warnings[:min(len(warnings), sinceWarnings)] {
		w := &warnings[i]
		s := Since{led: led, Warning: w.ID, Rule: w.Rule, On: x.From, Days: max(0, min(days, today.DaysPast(x.From)))}
		if s.Days > 0 {
			s.Before.From, s.Before.To = x.From.AddDays(-s.Days), x.From.AddDays(-1)
			s.After.From, s.After.To = x.From.AddDays(1), x.From.AddDays(s.Days)
		}
		switch {
		case w.Officer != "":
			s.Officer = w.Officer
		case w.Post != "":
			s.Post = w.Post
		default:
			s.Unit = w.Unit
		}
		if s.ComplaintsAt = x.Post; s.ComplaintsAt == "" {
			s.ComplaintsAt = w.Post
		}
		if s.ActsOf = w.Officer; s.ActsOf == "" {
			if s.ActsIn = w.Unit; s.ActsIn == "" {
				s.ActsIn = x.Unit
			}
		}
		out = append(out, s)
	}
	return out
}

// notLed leaves out the warnings that led to the case: there is no case without
// one, so that they say nothing of what the change did.
const notLed = " AND NOT EXISTS (SELECT 1 FROM led WHERE led.n = a.n AND led.id = x.id)"

// compare fills in the counts of all comparisons, one statement for each sort.
func (r *Reader) compare(ctx context.Context, all []*Since) error {
	s, err := r.scoped(ctx)
	if err != nil {
		return err
	}
	warnings := func(side *SinceSide) **int { return &side.Warnings }
	acts := func(side *SinceSide) **int { return &side.Acts }
	for _, q := range []sinceCount{
		{"asked a CROSS JOIN warnings x", "x.officer = a.key AND x.rule = a.rule" + notLed, "x.raised_on", s.warning("x"),
			warnings, func(c *Since) string { return string(c.Officer) }},
		{"asked a CROSS JOIN warnings x", "x.post = a.key AND x.officer = '' AND x.rule = a.rule" + notLed, "x.raised_on", s.warning("x"),
			warnings, func(c *Since) string { return string(c.Post) }},
		{"asked a CROSS JOIN warnings x", "x.unit = a.key AND x.officer = '' AND x.post = '' AND x.rule = a.rule" + notLed, "x.raised_on", s.warning("x"),
			warnings, func(c *Since) string { return string(c.Unit) }},
		{"asked a CROSS JOIN complaints x", "x.post = a.key", "x.received_on", s.complaint("x"),
			func(side *SinceSide) **int { return &side.Complaints }, func(c *Since) string { return string(c.ComplaintsAt) }},
		{"asked a CROSS JOIN concerned l CROSS JOIN enforcements x", "l.officer = a.key AND l.room = '" + enforcement.Room.Name + "' AND x.id = l.object",
			"x.decided_on", s.enforcement("x"), acts, func(c *Since) string { return string(c.ActsOf) }},
		{"asked a CROSS JOIN tree t CROSS JOIN enforcements x", "t.n = a.n AND x.unit = t.unit",
			"x.decided_on", s.enforcement("x"), acts, func(c *Since) string { return string(c.ActsIn) }},
	} {
		if err := r.countSince(ctx, q, all); err != nil {
			return err
		}
	}
	return nil
}

// sinceCount is one sort of count: where the rows x come from that belong to
// the key of a comparison a, and by which condition, the column of their day,
// who sees them, and where the counts go.
type sinceCount struct {
	from, join, day string
	seen            query.Cond
	into            func(*SinceSide) **int
	key             func(*Since) string
}

func (r *Reader) countSince(ctx context.Context, q sinceCount, all []*Since) error {
	var rows []string
	var args []any
	for i, c := range all {
		key := q.key(c)
		if key == "" || c.Days == 0 {
			continue
		}
		*q.into(&c.Before), *q.into(&c.After) = new(int), new(int)
		rows = append(rows, "("+strconv.Itoa(i)+strings.Repeat(", "+query.Given, 6)+")")
		args = append(args, key, c.Rule, c.Before.From.String(), c.Before.To.String(), c.After.From.String(), c.After.To.String())
	}
	if len(rows) == 0 {
		return nil
	}
	led := []string{"(-1, '')"}
	for i, c := range all {
		for _, id := range c.led {
			led, args = append(led, "("+strconv.Itoa(i)+", "+query.Given+")"), append(args, string(id))
		}
	}
	where := query.And(query.C(q.join+" AND "+q.day+" >= a.b1 AND "+q.day+" <= a.a2"), q.seen)
	sql := "WITH RECURSIVE asked (n, key, rule, b1, b2, a1, a2) AS (VALUES " + strings.Join(rows, ", ") + "), " +
		"led (n, id) AS (VALUES " + strings.Join(led, ", ") + "), " +
		"tree (n, unit) AS (SELECT n, key FROM asked UNION SELECT t.n, u.id FROM tree t JOIN units u ON u.parent = t.unit) " +
		"SELECT a.n, sum(CASE WHEN " + q.day + " <= a.b2 THEN 1 ELSE 0 END), sum(CASE WHEN " + q.day + " >= a.a1 THEN 1 ELSE 0 END) FROM " + q.from +
		where.Where() + " GROUP BY a.n"
	return r.ask(ctx, sql, slices.Concat(args, where.Args), func(row dbRow) error {
		c := all[row.ColumnInt(0)]
		**q.into(&c.Before), **q.into(&c.After) = row.ColumnInt(1), row.ColumnInt(2)
		return nil
	})
}
