package projections

import (
	"cmp"
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/query"
)

// Discretion is how a unit, or the holders of a post, used the discretion
// that benchmarks leave (article D5).
type Discretion struct {
	// Unit or Post, as was asked for.
	Unit domain.UnitID
	Post domain.PostID
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
}

// DiscretionBy is what discretion is counted by.
type DiscretionBy string

// What discretion is counted by. An act counts for each post that an officer
// on the case holds today.
const (
	DiscretionByUnit DiscretionBy = "unit"
	DiscretionByPost DiscretionBy = "post"
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
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	where := query.And(s.enforcement("x"), r.enforcements(f), query.C("x.tier <> '' AND x.decided_on <> ''"))
	sql := "SELECT x.benchmark, x.clause, x.tier, x.benchmark_version, x.amount, x.deviated, x.unit, x.id FROM enforcements x" + where.Where() + " ORDER BY x.id"
	if by == DiscretionByPost {
		sql = "SELECT DISTINCT x.benchmark, x.clause, x.tier, x.benchmark_version, x.amount, x.deviated, po.post, x.id FROM enforcements x" +
			" JOIN concerned pc ON pc.room = 'enforcement' AND pc.object = x.id JOIN officers po ON po.id = pc.officer" +
			query.And(where, query.C("po.post <> ''")).Where() + " ORDER BY x.id, po.post"
	}
	var list []decision
	sums, counts, met := map[likeness]int64{}, map[likeness]int64{}, map[string]bool{}
	err = r.ask(ctx, sql, where.Args, func(st dbRow) error {
		like := likeness{st.ColumnText(0), st.ColumnText(1), st.ColumnText(2), st.ColumnInt(3)}
		list = append(list, decision{like, st.ColumnInt64(4), st.ColumnBool(5), st.ColumnText(6)})
		if id := st.ColumnText(7); !met[id] {
			met[id] = true
			sums[like] += st.ColumnInt64(4)
			counts[like]++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return compare(list, sums, counts, by), nil
}

// compare folds the decisions by whom they are counted for.
func compare(list []decision, sums, counts map[likeness]int64, by DiscretionBy) []Discretion {
	at, spread := map[string]*Discretion{}, map[string]float64{}
	var order []string
	for _, x := range list {
		d := at[x.of]
		if d == nil {
			d = &Discretion{}
			if by == DiscretionByPost {
				d.Post = domain.PostID(x.of)
			} else {
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
		return cmp.Or(cmp.Compare(b.OutsideShare, a.OutsideShare), cmp.Compare(b.Spread, a.Spread), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Post, b.Post))
	})
	return out
}
