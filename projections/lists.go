package projections

import (
	"context"
	"slices"
	"strconv"

	"github.com/probity-ledger/probity/projections/query"
)

// listing is how one register is listed: under which name (which its cursors
// carry), in which order, under which condition.
type listing[R any] struct {
	name  string
	table *table[R]
	where query.Cond // over alias x
	// order are the columns of the sort key, the last one unique.
	order []string
	desc  bool
}

// load returns one page of a register.
func (l listing[R]) load(ctx context.Context, r *Reader, p Page) (*List[R], error) {
	w, err := p.open(l.name, len(l.order))
	if err != nil {
		return nil, err
	}
	columns := make([]string, len(l.order))
	for i, c := range l.order {
		columns[i] = "x." + c
	}
	where := l.where
	desc := l.desc != w.backward
	if w.from != nil {
		where = query.And(where, query.Past(columns, desc, w.from))
	}
	sql := "SELECT " + l.table.list("x") + " FROM " + l.table.name + " x" + where.Where() +
		query.OrderBy(columns, desc) + " LIMIT " + strconv.Itoa(w.limit+1)
	keys := l.keyColumns()
	rows, err := recall(r, sql, where.Args, rowsRead[R].size, func() (rows rowsRead[R], err error) {
		err = r.ask(ctx, sql, where.Args, func(s dbRow) error {
			row, err := l.table.scan(s, 0)
			if err != nil {
				return err
			}
			key := make([]any, len(keys))
			for i, k := range keys {
				if l.table.fields[k].kind.number() {
					key[i] = s.ColumnInt64(k)
				} else {
					key[i] = s.ColumnText(k)
				}
			}
			rows.items, rows.keys = append(rows.items, row), append(rows.keys, key)
			return nil
		})
		return rows, err
	})
	if err != nil {
		return nil, err
	}
	out := page(w, p, slices.Clone(rows.items), places{l.name, slices.Clone(rows.keys)})
	out.count = once(func(ctx context.Context) (int, error) {
		n, err := r.askInt(ctx, "SELECT count(*) FROM "+l.table.name+" x"+l.where.Where(), l.where.Args)
		return int(n), err
	})
	return out, nil
}

// rowsRead are the rows of a page and their sort keys.
type rowsRead[R any] struct {
	items []R
	keys  [][]any
}

func (p rowsRead[R]) size() int { return len(p.items) * (rowBytes + 64) }

// keyColumns returns where the columns of the sort key stand in a row.
func (l listing[R]) keyColumns() []int {
	out := make([]int, len(l.order))
	for i, o := range l.order {
		for j, c := range l.table.columns {
			if c == o {
				out[i] = j
			}
		}
	}
	return out
}

// loadAll returns the rows under the condition, in the order of the columns.
func loadAll[R any](ctx context.Context, r *Reader, t *table[R], where query.Cond, order string) ([]R, error) {
	sql := "SELECT " + t.list("x") + " FROM " + t.name + " x" + where.Where() + " ORDER BY " + order
	rows, err := recall(r, sql, where.Args, func(rows []R) int { return len(rows) * rowBytes }, func() (out []R, err error) {
		err = r.ask(ctx, sql, where.Args, func(s dbRow) error {
			row, err := t.scan(s, 0)
			out = append(out, row)
			return err
		})
		return out, err
	})
	return slices.Clone(rows), err
}

// loadByID returns the rows of the ids that the condition lets through.
func loadByID[R any, I ~string](ctx context.Context, r *Reader, t *table[R], ids []I, where query.Cond) ([]R, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return loadAll(ctx, r, t, query.And(query.In("x.id", ids), where), "x.id")
}

// convert turns a page of rows into a page of what readers are given.
func convert[R, T any](l *List[R], turn func(*R) T) *List[T] {
	out := &List[T]{places: l.places, HasNextPage: l.HasNextPage, HasPreviousPage: l.HasPreviousPage, count: l.count}
	out.Items = make([]T, len(l.Items))
	for i := range l.Items {
		out.Items[i] = turn(&l.Items[i])
	}
	return out
}

// byID indexes what was loaded.
func byID[R, T any, I ~string](rows []R, turn func(*R) T, id func(*T) I) map[I]*T {
	out := make(map[I]*T, len(rows))
	for i := range rows {
		t := turn(&rows[i])
		out[id(&t)] = &t
	}
	return out
}

// grouped collects what was loaded under a key.
func grouped[R, T any, K ~string](rows []R, turn func(*R) T, key func(*T) K) map[K][]T {
	out := map[K][]T{}
	for i := range rows {
		t := turn(&rows[i])
		out[key(&t)] = append(out[key(&t)], t)
	}
	return out
}

// is narrows a boolean column where the filter says something.
func is(column string, want *bool) query.Cond {
	if want == nil {
		return query.Cond{}
	}
	return query.C(column+" = ?", *want)
}

// below narrows the column to a unit with everything below it.
func below[T ~string](column string, unit T) query.Cond {
	if unit == "" {
		return query.Cond{}
	}
	return query.C(column+" IN (WITH RECURSIVE below (id) AS (SELECT "+query.Given+" UNION SELECT u.id FROM units u JOIN below ON u.parent = below.id) SELECT id FROM below)", string(unit))
}
