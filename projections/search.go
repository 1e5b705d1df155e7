package projections

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/projections/query"
)

// maxSearch is the longest text to search for, in bytes.
const maxSearch = 200

// searched are the types that can be searched, in the order of results, each
// with its table and the text that a hit shows.
func (s scope) searched() []searchedType {
	return []searchedType{
		{officer.Room.Name, "officers", "x.name", s.officer("x")},
		{unit.Room.Name, "units", "x.name", s.unit("x")},
		{post.Room.Name, "posts", "x.name", s.post("x")},
		{complaint.Room.Name, "complaints", "x.category || ': ' || substr(x.summary, 1, 200)", s.complaint("x")},
		{misconduct.Room.Name, "cases", "substr(x.summary, 1, 200)", s.misconduct("x")},
	}
}

type searchedType struct {
	name, table, text string
	may               query.Cond
}

// Search finds officers (by name in either script, staff number or id),
// units and posts (by name or id), complaints (by category, place, summary
// or id) and cases (by conduct or id) that hold every word of the text;
// case and full-width forms do not matter. Without types it searches all.
// Texts are searched up to their first 1,000 bytes.
func (r *Reader) Search(ctx context.Context, text string, types []string, p Page) (*List[Hit], error) {
	if strings.TrimSpace(text) == "" || len(text) > maxSearch {
		return nil, domain.Refuse(domain.CodeInvalid, "text", "is required, up to %d bytes", maxSearch)
	}
	w, err := p.open("search", 2)
	if err != nil {
		return nil, err
	}
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	match := query.Contains("x.search", text)
	var parts []string
	var args []any
	all := s.searched()
	for i, t := range all {
		if len(types) > 0 && !slices.Contains(types, t.name) {
			continue
		}
		where := query.And(match, t.may)
		parts = append(parts, "SELECT "+strconv.Itoa(i)+" AS kind, x.id AS id, "+t.text+" AS text FROM "+t.table+" x"+where.Where())
		args = append(args, where.Args...)
	}
	for _, t := range types {
		if !slices.ContainsFunc(all, func(x searchedType) bool { return x.name == t }) {
			return nil, domain.Refuse(domain.CodeInvalid, "types", "%q cannot be searched", t)
		}
	}
	union := "(" + strings.Join(parts, " UNION ALL ") + ") h"
	order := []string{"h.kind", "h.id"}
	var past query.Cond
	if w.from != nil {
		past = query.Past(order, w.backward, w.from)
	}
	sql := "SELECT h.kind, h.id, h.text FROM " + union + past.Where() + query.OrderBy(order, w.backward) + " LIMIT " + strconv.Itoa(w.limit+1)
	var hits []Hit
	at := places{list: "search"}
	err = r.ask(ctx, sql, append(slices.Clone(args), past.Args...), func(st *sqlite3.Stmt) error {
		kind, id := st.ColumnInt64(0), st.ColumnText(1)
		hits = append(hits, Hit{domain.Ref{Type: all[kind].name, ID: id}, st.ColumnText(2)})
		at.keys = append(at.keys, []any{kind, id})
		return nil
	})
	if err != nil {
		return nil, err
	}
	l := page(w, p, hits, at)
	l.count = once(func(ctx context.Context) (int, error) {
		n, err := r.askInt(ctx, "SELECT count(*) FROM "+union, args)
		return int(n), err
	})
	return l, nil
}
