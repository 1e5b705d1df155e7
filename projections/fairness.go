package projections

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections/outlier"
	"github.com/probity-ledger/probity/projections/query"
)

// protectedSchema makes the table of the protected attributes that old records
// hold of officers (officer.Imported), as these wrote them. It lies apart from
// the register of officers, so that no list, filter, search or rule has them at
// hand; nothing reads it but the report in this file.
const protectedSchema = "CREATE TABLE protected (officer TEXT PRIMARY KEY, sex TEXT NOT NULL, ethnicity TEXT NOT NULL) WITHOUT ROWID"

const insertProtected = "INSERT INTO protected (officer, sex, ethnicity) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"

// protect keeps the protected attributes of an officer, if there are any.
func (g *registers) protect(e officer.Imported, id domain.OfficerID) error {
	sex, ethnicity := strings.TrimSpace(e.Sex), strings.TrimSpace(e.Ethnicity)
	if sex == "" && ethnicity == "" {
		return nil
	}
	return g.exec(insertProtected, string(id), sex, ethnicity)
}

// FairnessBy is a protected attribute.
type FairnessBy string

// The protected attributes.
const (
	FairnessBySex       FairnessBy = "sex"
	FairnessByEthnicity FairnessBy = "ethnicity"
)

// Fairness is of how many officers of each group the engine warned. It holds
// counts alone, and small ones for nobody: see suppress.
type Fairness struct {
	By FairnessBy
	// From is the first day that counts: that of the filter, or on which the
	// first of the warnings was raised. To is the last, zero for today.
	From domain.Date
	To   domain.Date
	// LeftOut: there are groups of too few officers to be told.
	LeftOut bool
	// Of all warnings, then of each kind of rule that raised some.
	Of []FairnessOf
}

// FairnessOf are the groups under the warnings of one kind of rule.
type FairnessOf struct {
	// Kind is "" for all.
	Kind WarningRuleKind
	// All are the officers of all groups, told or left out.
	All    FairnessGroup
	Groups []FairnessGroup
}

// FairnessGroup is one group.
type FairnessGroup struct {
	// Group is what the records say, "" where they say nothing.
	Group string
	// Officers in the service in the period; of Warned of them a warning was
	// raised.
	Officers int
	Warned   Bucket
	// Share of these, in hundredths of a per cent, with its exact interval;
	// Ratio of the share to that of all, in hundredths, with the interval
	// of the share put in its place. Missing says why there are none.
	Share, Low, High           int
	Ratio, RatioLow, RatioHigh int
	Missing                    ScoreGap
	// Known are the warnings about them of which it is known whether they were
	// right; Precision is the part of these that was true.
	Known     Bucket
	Precision Precision

	hits int // of Known
}

// Fairness tells how warnings fall on groups of officers by a protected
// attribute. It is for those who answer for the engine and decide nothing by it:
// auditors, who check it, and overseers, who watch over the agency. Whoever deals
// with warnings, or with personnel, is not told groups at all: knowing them could
// but bend what they decide of a person. Nil for everybody else, and for a unit
// outside the scope; overseers ask as they do for WarningScores.
func (r *Reader) Fairness(ctx context.Context, by FairnessBy, f WarningScoreFilter) (*Fairness, error) {
	if !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From) {
		return nil, domain.Refuse(domain.CodeInvalid, "raisedTo", "%s lies before the first day, %s", f.To, f.From)
	}
	if by != FairnessBySex && by != FairnessByEthnicity {
		return nil, domain.Refuse(domain.CodeInvalid, "by", "groups are told by sex or ethnicity, not by %q", by)
	}
	counter := r
	switch r.who.Role {
	case domain.RoleAuditor, domain.RoleSystem:
	case domain.RoleOverseer:
		if err := r.wholeWarnings(ctx, f); err != nil {
			return nil, err
		}
		counter, _ = r.counter()
		defer func() { r.statements.Add(counter.statements.Load()) }()
	default:
		return nil, nil
	}
	s, err := counter.scoped(ctx)
	if err != nil {
		return nil, err
	}
	if seen, err := counter.inScope(ctx, s, f.Unit); err != nil || !seen {
		return nil, err
	}
	warned, first, err := counter.warnedOf(ctx, s, f)
	if err != nil {
		return nil, err
	}
	out := &Fairness{By: by, From: f.From, To: f.To}
	if out.From.IsZero() {
		out.From = first
	}
	groups, err := counter.groupsOf(ctx, s, by, f.Unit, out.From, out.To)
	if err != nil {
		return nil, err
	}
	out.tell(groups, warned)
	return out, nil
}

// flagged is what the warnings of one kind say of an officer.
type flagged struct{ hits, known int }

// warnedOf returns of whom a warning was raised, by kind of rule and together
// (""), and on which day the first was.
func (r *Reader) warnedOf(ctx context.Context, s scope, f WarningScoreFilter) (map[WarningRuleKind]map[string]flagged, domain.Date, error) {
	out, first := map[WarningRuleKind]map[string]flagged{}, ""
	where := query.And(s.warning("x"), WarningScoreFilter{From: f.From, To: f.To}.raised(), query.C("x.officer <> '' AND NOT x.imported"))
	err := r.ask(ctx, "SELECT x.officer, x.rule, x.outcome, x.raised_on FROM warnings x"+where.Where(), where.Args, func(row dbRow) error {
		who, outcome := row.ColumnText(0), warning.Outcome(row.ColumnText(2))
		if day := row.ColumnText(3); first == "" || day < first {
			first = day
		}
		for _, kind := range []WarningRuleKind{"", WarningRuleOf(row.ColumnText(1)).Kind} {
			if out[kind] == nil {
				out[kind] = map[string]flagged{}
			}
			x := out[kind][who]
			if outcome == warning.OutcomeTrue {
				x.hits++
			}
			if outcome == warning.OutcomeTrue || outcome == warning.OutcomeFalse {
				x.known++
			}
			out[kind][who] = x
		}
		return nil
	})
	if err != nil || first == "" {
		return out, domain.Date{}, err
	}
	day, err := domain.ParseDate(first)
	return out, day, err
}

// groupsOf returns the officers who were in the service in the period, by group.
func (r *Reader) groupsOf(ctx context.Context, s scope, by FairnessBy, unit domain.UnitID, from, to domain.Date) (map[string][]string, error) {
	out := map[string][]string{}
	where := query.And(s.officer("x"), below("x.unit", unit), inService(from, to))
	err := r.ask(ctx, "SELECT x.id, coalesce(p."+string(by)+", '') FROM officers x LEFT JOIN protected p ON p.officer = x.id"+where.Where(), where.Args, func(row dbRow) error {
		group := row.ColumnText(1)
		out[group] = append(out[group], row.ColumnText(0))
		return nil
	})
	return out, err
}

// tell counts the groups that are large enough, the largest first; whoever is in
// none counts with all alone, and as what is hidden.
func (f *Fairness) tell(groups map[string][]string, warned map[WarningRuleKind]map[string]flagged) {
	var names []string
	var few []string
	for name, officers := range groups {
		if len(officers) < SmallCell {
			f.LeftOut = true
			few = append(few, officers...)
			continue
		}
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(compareBool(a == "", b == ""), cmp.Compare(len(groups[b]), len(groups[a])), cmp.Compare(a, b))
	})
	var left []FairnessGroup
	for _, kind := range append([]WarningRuleKind{""}, warningRuleKinds...) {
		if kind != "" && warned[kind] == nil {
			continue
		}
		of := FairnessOf{Kind: kind}
		for _, name := range names {
			g := groupOf(name, groups[name], warned[kind])
			of.All.add(g)
			of.Groups = append(of.Groups, g)
		}
		rest := groupOf("", few, warned[kind])
		of.All.add(rest)
		f.Of, left = append(f.Of, of), append(left, rest)
	}
	f.suppress(left)
	for i := range f.Of {
		f.Of[i].conclude()
	}
}

func groupOf(name string, officers []string, warned map[string]flagged) FairnessGroup {
	g := FairnessGroup{Group: name, Officers: len(officers)}
	for _, id := range officers {
		if x, ok := warned[id]; ok {
			g.Warned.Count++
			g.hits += x.hits
			g.Known.Count += x.known
		}
	}
	return g
}

func (g *FairnessGroup) add(o FairnessGroup) {
	g.Officers, g.Warned.Count = g.Officers+o.Officers, g.Warned.Count+o.Warned.Count
	g.hits, g.Known.Count = g.hits+o.hits, g.Known.Count+o.Known.Count
}

// conclude works out what follows from what is told.
func (f *FairnessOf) conclude() {
	all := float64(f.All.Warned.Count) / float64(max(1, f.All.Officers))
	for _, g := range append(pointersTo(f.Groups), &f.All) {
		switch {
		case g.Warned.Suppressed:
			g.Missing = GapSuppressed
		case g.Officers == 0:
			g.Missing = GapNothingKnown
		default:
			low, high := outlier.Count{Hits: g.Warned.Count, Of: g.Officers}.Interval()
			g.Share, g.Low, g.High = shareOf(g.Warned.Count, g.Officers), int(math.Floor(low*10_000)), int(math.Ceil(high*10_000))
			g.Ratio = int(math.Round(100 * float64(g.Warned.Count) / float64(g.Officers) / all))
			g.RatioLow, g.RatioHigh = int(math.Floor(100*low/all)), int(math.Ceil(100*high/all))
		}
		if g.Precision = precisionOf(g.hits, g.Known.Count); g.Known.Suppressed {
			g.Precision = Precision{Missing: GapSuppressed}
		}
	}
}

func pointersTo[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}
