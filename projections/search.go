package projections

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/unit"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/terms"
)

const (
	// maxSearch is the longest text to search for, in bytes.
	maxSearch = 200
	// MaxHits is how many answers a search ranks and lists. Where there are
	// more, it takes those whose objects came into the ledger last.
	MaxHits = 1000
)

// searched is a type that can be searched: its table, and whether a row of it
// is seen.
type searched struct {
	name, table string
	seen        func(s scope, a string) query.Cond
}

var searchedTypes = []searched{
	{officer.Room.Name, "officers", scope.officer},
	{unit.Room.Name, "units", scope.unit},
	{post.Room.Name, "posts", scope.post},
	{complaint.Room.Name, "complaints", scope.complaint},
	{misconduct.Room.Name, "cases", scope.misconduct},
	{findingRef, "findings", scope.finding},
	{sanction.Room.Name, "sanctions", scope.sanction},
	{reward.Room.Name, "rewards", scope.reward},
	{plan.Room.Name, "plans", scope.plan},
	{traceback.Room.Name, "tracebacks", scope.traceback},
	{enforcement.Room.Name, "enforcements", scope.enforcement},
	{norm.Room.Name, "norms", scope.norm},
	{disclosure.Room.Name, "disclosures", scope.disclosure},
	{warning.Room.Name, "warnings", scope.warning},
	{inspection.Room.Name, "inspections", scope.inspection},
	{programme.Room.Name, "programmes", scope.programme},
	{activity.Room.Name, "activities", scope.activity},
	{rulebook.Room.Name, "rulebooks", scope.rulebook},
	{riskRef, "post_risks", scope.postRisk},
}

// found is the condition over references s of the types, all where none is
// named: what they point at is seen.
func (s scope) found(types []string) query.Cond {
	var rows []seenRow
	for _, t := range searchedTypes {
		if len(types) == 0 || slices.Contains(types, t.name) {
			rows = append(rows, seen(t.name, t.table, t.seen(s, "it")))
		}
	}
	return anyOf("s", rows...)
}

// SearchedTypes are the types that can be searched, as Search takes and Hit
// tells them.
func SearchedTypes() []string {
	var out []string
	for _, t := range searchedTypes {
		out = append(out, t.name)
	}
	return out
}

// Hit is one result of a search.
type Hit struct {
	// Ref points at what was found. A finding ("finding") and a risk of a post
	// ("post_risk") are no aggregates, and have no timeline.
	Ref domain.Ref
	// Title is what it is called; empty where it has no title.
	Title string
	// Passage is where the words were found: a piece of its texts, or of its
	// title.
	Passage []terms.Part
}

// Search finds what holds every word of the text: officers by name in either
// script, staff number or id, and everything else by id, title and texts, as
// far as whoever sees the object is shown them. See [terms.Parse] for how it
// is written. The best answers come first; how good one is depends on itself
// alone. Without types all are searched, those of [SearchedTypes]. Of an
// object the first 64 KiB are searched.
func (r *Reader) Search(ctx context.Context, text string, types []string, p Page) (*List[Hit], error) {
	if strings.TrimSpace(text) == "" || len(text) > maxSearch {
		return nil, domain.Refuse(domain.CodeInvalid, "text", "is required, up to %d bytes", maxSearch)
	}
	for _, t := range types {
		if !slices.ContainsFunc(searchedTypes, func(x searched) bool { return x.name == t }) {
			return nil, domain.Refuse(domain.CodeInvalid, "types", "%q cannot be searched", t)
		}
	}
	w, err := p.open("search", 2)
	if err != nil {
		return nil, err
	}
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	sought := terms.Parse(text)
	if len(sought) == 0 {
		return &List[Hit]{}, nil
	}
	// Each document is met by its terms first, then tried for whether it is
	// seen; only what is seen is taken, ranked and counted. Numbers rise with the
	// ledger, so the last are met first and the rest is not looked at.
	met, err := r.views.lie.match(sought)
	if err != nil {
		return nil, err
	}
	match := query.And(met.where, s.found(types))
	from, args := " FROM "+met.from.SQL+match.Where()+" ORDER BY "+met.last+" DESC LIMIT "+strconv.Itoa(MaxHits), slices.Concat(met.from.Args, match.Args)
	order := []string{"h.score", "h.ref"}
	past := query.Cond{}
	if w.from != nil {
		past = query.Past(order, !w.backward, w.from)
	}
	best := "SELECT h.type, h.name, h.score, h.ref FROM (SELECT s.type, s.name, " + met.score + " AS score, -s.id AS ref" + from + ") h" +
		past.Where() + query.OrderBy(order, !w.backward) + " LIMIT " + strconv.Itoa(w.limit+1)
	sql := "SELECT h.type, h.name, d.title, d.body, h.score, h.ref FROM (" + best + ") h JOIN documents d ON d.ref = -h.ref" + query.OrderBy(order, !w.backward)
	var hits []Hit
	at := places{list: "search"}
	err = r.ask(ctx, sql, slices.Concat(args, past.Args), func(st dbRow) error {
		hits = append(hits, hit(sought, domain.Ref{Type: st.ColumnText(0), ID: st.ColumnText(1)}, st.ColumnText(2), st.ColumnText(3)))
		at.keys = append(at.keys, []any{st.ColumnInt64(4), st.ColumnInt64(5)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	l := page(w, p, hits, at)
	l.count = once(func(ctx context.Context) (int, error) {
		n, err := r.askInt(ctx, "SELECT count(*) FROM (SELECT 1"+from+") h", args)
		return int(n), err
	})
	return l, nil
}

// hit shows what was found where most of the words stand.
func hit(sought terms.Query, of domain.Ref, title, body string) Hit {
	h := Hit{Ref: of, Title: title}
	called, named := sought.Passage(title)
	told, said := sought.Passage(body)
	h.Passage = called
	if said > named || title == "" {
		h.Passage = told
	}
	return h
}
