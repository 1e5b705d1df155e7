package projections

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/outlier"
	"github.com/probity-ledger/probity/projections/query"
)

// Discretion is how the discretion that benchmarks leave was used (article D5):
// by a unit, the holders of a post or an officer, or under a clause.
type Discretion struct {
	// Unit, Post, Officer, or Clause of Benchmark, as was asked for.
	Unit      domain.UnitID
	Post      domain.PostID
	Officer   domain.OfficerID
	Benchmark domain.NormID
	Clause    string
	// Decided counts the acts decided under a tier of a benchmark, Outside
	// those decided outside their tier. OutsideShare is the share of these,
	// in hundredths of a percent.
	Decided      int
	Outside      int
	OutsideShare int
	// Alike counts the acts that have like cases: others decided under the
	// same clause and tier of the same version of the same benchmark. Spread
	// is how far their amounts lie from the mean of the like cases, on
	// average and in hundredths of a percent of that mean.
	Alike  int
	Spread int
	// Limits are those for so many acts among all that are compared, who differ
	// without anything being wrong; Place is where the share lies among them, by
	// the exact tail.
	Limits FunnelLimits
	Place  FunnelPlace
}

// DiscretionBy is what discretion is counted by.
type DiscretionBy string

// What discretion is counted by. An act counts for each post that an officer
// on the case holds today; for each officer on it whom the principal may see; for
// the clause of its benchmark, whatever the version.
const (
	DiscretionByUnit    DiscretionBy = "unit"
	DiscretionByPost    DiscretionBy = "post"
	DiscretionByOfficer DiscretionBy = "officer"
	DiscretionByClause  DiscretionBy = "clause"
)

// likeness is what like cases have in common.
type likeness struct {
	benchmark, clause, tier string
	version                 int
}

type decision struct {
	like    likeness
	amount  int64
	outside bool
	of      string
}

// Discretion compares how discretion was used, within what the principal may
// see and the filter leaves; most outside first. Like cases are sought among
// the same acts.
func (r *Reader) Discretion(ctx context.Context, f EnforcementFilter, by DiscretionBy) ([]Discretion, error) {
	rows, _, err := r.discretion(ctx, f, by)
	return rows, err
}

func (r *Reader) discretion(ctx context.Context, f EnforcementFilter, by DiscretionBy) ([]Discretion, outlier.Share, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, outlier.Share{}, err
	}
	where := query.And(s.enforcement("x"), r.enforcements(f), query.C("x.tier <> '' AND x.decided_on <> ''"))
	sql := "SELECT x.benchmark, x.clause, x.tier, x.benchmark_version, x.amount, x.deviated, x.unit, x.id FROM enforcements x" + where.Where() + " ORDER BY x.id"
	of := func(_ likeness, column string) ([]string, error) { return []string{column}, nil }
	switch by {
	case DiscretionByPost:
		where = query.And(where, query.C("po.post <> ''"))
		sql = "SELECT DISTINCT x.benchmark, x.clause, x.tier, x.benchmark_version, x.amount, x.deviated, po.post, x.id FROM enforcements x" +
			" JOIN concerned pc ON pc.room = 'enforcement' AND pc.object = x.id JOIN officers po ON po.id = pc.officer" +
			where.Where() + " ORDER BY x.id, po.post"
	case DiscretionByOfficer:
		sql = strings.Replace(sql, "x.unit", "x.body", 1)
		if of, err = r.onTheCase(ctx, s); err != nil {
			return nil, outlier.Share{}, err
		}
	case DiscretionByClause:
		of = func(like likeness, _ string) ([]string, error) {
			return []string{like.benchmark + "\x1f" + like.clause}, nil
		}
	}
	var list []decision
	sums, counts, met := map[likeness]int64{}, map[likeness]int64{}, map[string]bool{}
	err = r.ask(ctx, sql, where.Args, func(st dbRow) error {
		like := likeness{st.ColumnText(0), st.ColumnText(1), st.ColumnText(2), st.ColumnInt(3)}
		whose, err := of(like, st.ColumnText(6))
		if err != nil {
			return err
		}
		for _, one := range whose {
			list = append(list, decision{like, st.ColumnInt64(4), st.ColumnBool(5), one})
		}
		if id := st.ColumnText(7); !met[id] {
			met[id] = true
			sums[like] += st.ColumnInt64(4)
			counts[like]++
		}
		return nil
	})
	if err != nil {
		return nil, outlier.Share{}, err
	}
	rows := compare(list, sums, counts, by)
	return rows, placed(rows), nil
}

// onTheCase reads of an act which officers were on it, of those whom the
// principal may see and need not keep away from.
func (r *Reader) onTheCase(ctx context.Context, s scope) (func(likeness, string) ([]string, error), error) {
	where := query.And(s.officer("po"), s.apart("po.id"), query.NotIn("po.unit", s.recusedUnits))
	seen := map[string]bool{}
	err := r.ask(ctx, "SELECT po.id FROM officers po"+where.Where(), where.Args, func(st dbRow) error {
		seen[st.ColumnText(0)] = true
		return nil
	})
	return func(_ likeness, body string) (out []string, err error) {
		var act struct{ State struct{ Officers []string } }
		if err := json.Unmarshal([]byte(body), &act); err != nil {
			return nil, fmt.Errorf("read who was on an act: %w", err)
		}
		for _, id := range act.State.Officers {
			if seen[id] {
				out = append(out, id)
			}
		}
		return out, nil
	}, err
}

// compare folds the decisions by whom they are counted for.
func compare(list []decision, sums, counts map[likeness]int64, by DiscretionBy) []Discretion {
	at, spread := map[string]*Discretion{}, map[string]float64{}
	var order []string
	for _, x := range list {
		d := at[x.of]
		if d == nil {
			d = &Discretion{}
			switch by {
			case DiscretionByPost:
				d.Post = domain.PostID(x.of)
			case DiscretionByOfficer:
				d.Officer = domain.OfficerID(x.of)
			case DiscretionByClause:
				d.Benchmark, d.Clause = domain.NormID(x.like.benchmark), x.like.clause
			default:
				d.Unit = domain.UnitID(x.of)
			}
			at[x.of] = d
			order = append(order, x.of)
		}
		d.Decided++
		if x.outside {
			d.Outside++
		}
		if n := counts[x.like]; n > 1 && sums[x.like] > 0 {
			mean := float64(sums[x.like]) / float64(n)
			d.Alike++
			spread[x.of] += max(float64(x.amount)-mean, mean-float64(x.amount)) / mean
		}
	}
	out := make([]Discretion, 0, len(order))
	for _, of := range order {
		d := at[of]
		d.OutsideShare = shareOf(d.Outside, d.Decided)
		if d.Alike > 0 {
			d.Spread = int(spread[of]/float64(d.Alike)*10000 + 0.5)
		}
		out = append(out, *d)
	}
	slices.SortFunc(out, func(a, b Discretion) int {
		return cmp.Or(cmp.Compare(b.OutsideShare, a.OutsideShare), cmp.Compare(b.Spread, a.Spread), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Post, b.Post),
			cmp.Compare(a.Officer, b.Officer), cmp.Compare(a.Benchmark, b.Benchmark), cmp.Compare(a.Clause, b.Clause))
	})
	return out
}
