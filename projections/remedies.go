package projections

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// Analysis is what a case was found to teach under one aspect 一案双析.
type Analysis struct {
	Aspect string
	Text   string
	Gaps   []misconduct.Gap
	On     domain.Date
	Event  domain.EventID
}

// The kinds of remedy.
const (
	RemedyRerating = "rerating" // a post whose risks are to be rated anew
	RemedyNormGap  = "norm_gap" // a gap of a rule text, to be closed by a new version
	RemedyRule     = "rule"     // a change of early warning, to be made in the rulebook
)

// Where a remedy stands.
const (
	RemedyOpen     = "open"
	RemedyDone     = "done"
	RemedyDeclined = "declined"
)

// Remedy is one thing that the analysis of a case opened 以案促改, and what was
// done.
type Remedy struct {
	// ID is the case, the kind, and what is to be mended, with slashes.
	ID     string        `db:"id"`
	Kind   string        `db:"kind"`
	Status string        `db:"status"`
	Case   domain.CaseID `db:"case_id"`
	// Text says what is wanting; of a change of early warning, what is to hold
	// from then on, and Reason why.
	Text   string `db:"wording"`
	Reason string `db:"reason"`
	// Unit is that of the post or the norm.
	Unit domain.UnitID `db:"unit"`
	Post domain.PostID `db:"post"`
	Norm domain.NormID `db:"norm"`
	// Gap is its code in the norm, Number that of a proposal in the case.
	Gap    string `db:"gap"`
	Number int    `db:"number"`
	// Threshold is the part of the warning rules, Rule the rule whose it is.
	Threshold string         `db:"threshold"`
	Rule      string         `db:"rule"`
	OpenedOn  domain.Date    `db:"opened_on"`
	Opened    domain.EventID `db:"opened"`
	// Due is the last day for it; zero where there is none.
	Due domain.Date `db:"due"`
	// DoneOn is the day on which it was done or declined, Done the event.
	DoneOn domain.Date    `db:"done_on"`
	Done   domain.EventID `db:"done"`
	// From is the first day on which the change holds: of the new version, or
	// the day of the rating.
	From domain.Date `db:"holds_from"`
	// Before and After are the grades of the post, as it was called for and as
	// it was rated anew; "" where it had none.
	Before string `db:"grade_before"`
	After  string `db:"grade_after"`
	// Version is that of the norm which closes the gap.
	Version         int               `db:"version"`
	Rulebook        domain.RulebookID `db:"rulebook"`
	RulebookVersion string            `db:"rulebook_version"`
	// Answer says why a proposal was declined, or what of it was adopted.
	Answer string `db:"answer"`
	// Overdue: it is open, and Due has passed.
	Overdue bool
}

// RemedyFilter narrows the register of remedies. Zero fields do not narrow.
type RemedyFilter struct {
	Unit    domain.UnitID // with everything below it
	Kind    string
	Status  string
	Case    domain.CaseID
	Post    domain.PostID
	Norm    domain.NormID
	Rule    string
	Overdue bool
}

type remedyRow struct{ Remedy }

// caseBody is what the row of a case keeps besides.
type caseBody struct{ Analyses []Analysis }

var remedyTable = newTable[remedyRow]("remedies", "case_id", "post", "norm", "rulebook", "status, opened_on")

var remedyShelf = shelf[remedyRow, Remedy, string]{
	name: "remedies", table: remedyTable, order: []string{"opened_on", "id"}, desc: true, seen: scope.remedy,
	show: func(r *Reader, row *remedyRow) Remedy {
		out := row.Remedy
		out.Overdue = out.Status == RemedyOpen && !out.Due.IsZero() && r.today().After(out.Due)
		return out
	},
	id: func(x *Remedy) string { return x.ID },
}

// remedy: who sees the case, and the history of what is to be mended.
func (s scope) remedy(a string) query.Cond {
	within := func(of, table string, object query.Cond) query.Cond {
		c := query.And(query.C("it.id = "+a+"."+of), object)
		return query.C("EXISTS (SELECT 1 FROM "+table+" it WHERE "+c.SQL+")", c.Args...)
	}
	return query.And(within("case_id", "cases", s.misconduct("it")),
		query.Or(query.C(a+".post = ''"), within("post", "posts", s.postRisk("it"))),
		query.Or(query.C(a+".norm = ''"), within("norm", "norms", s.norm("it"))))
}

// foldAnalysis keeps what the case teaches, and what it proposes.
func (g *registers) foldAnalysis(d *ledger.Decoded, row *caseRow) error {
	learned := func(a misconduct.Aspect, text string, gaps []misconduct.Gap) {
		b := row.held()
		b.Analyses = append(b.Analyses, Analysis{string(a), text, gaps, g.day(d), d.ID})
	}
	switch e := d.Event.(type) {
	case misconduct.Analysed:
		learned(e.Aspect, e.Text, e.Gaps)
	case misconduct.AnalysedV1:
		var gaps []misconduct.Gap
		for _, gap := range e.Gaps {
			gaps = append(gaps, misconduct.Gap{Kind: gap.Kind, Post: gap.Post, Description: gap.Description})
		}
		learned(e.Aspect, e.Text, gaps)
	case misconduct.RuleProposed:
		x, err := g.remedies.at(proposalID(row.ID, e.Proposal), d.Revision > 0)
		if err != nil {
			return err
		}
		x.open(RemedyRule, row.ID, g.day(d), d.ID)
		x.Number, x.Threshold, x.Rule, x.Text, x.Reason = e.Proposal, string(e.Threshold), e.Rule, e.Change, e.Reason
	case misconduct.ProposalAnswered:
		x, err := g.remedies.at(proposalID(row.ID, e.Proposal), d.Revision > 0)
		if err != nil {
			return err
		}
		x.close(g.day(d), d.ID, e.From)
		x.Rulebook, x.RulebookVersion, x.Answer = e.Rulebook, e.Version, e.Reason
		if e.Answer == misconduct.AnswerDeclined {
			x.Status = RemedyDeclined
		}
	}
	return nil
}

func proposalID(c domain.CaseID, number int) string {
	return string(c) + "/" + RemedyRule + "/" + strconv.Itoa(number)
}

// foldReratings keeps which ratings of the post cases have called for: those
// it was told of before the event, and after.
func (g *registers) foldReratings(d *ledger.Decoded, row *postRow, grade string, before, after []post.Rerating) error {
	if e, ok := d.Event.(post.ReratingRequired); ok && e.Case != "" {
		x, err := g.rerating(d, row.ID, e.Case)
		if err != nil {
			return err
		}
		x.open(RemedyRerating, e.Case, g.day(d), d.ID)
		x.Post, x.Unit, x.Text, x.Due, x.Before = row.ID, row.Unit, e.Cause, e.Due, grade
	}
	for _, r := range before {
		if r.Case == "" || slices.Contains(after, r) {
			continue
		}
		x, err := g.rerating(d, row.ID, r.Case)
		if err != nil {
			return err
		}
		x.close(g.day(d), d.ID, g.day(d))
		x.After = row.Grade
	}
	return nil
}

// rerating returns the row of the rating that the case called for and that is
// not done; a case may call for one again when it is.
func (g *registers) rerating(d *ledger.Decoded, p domain.PostID, c domain.CaseID) (*remedyRow, error) {
	for n := 1; ; n++ {
		x, err := g.remedies.at(string(c)+"/"+RemedyRerating+"/"+string(p)+"/"+strconv.Itoa(n), d.Revision > 0)
		if err != nil || x.Status != RemedyDone {
			return x, err
		}
	}
}

// foldNormGap keeps what cases found wanting in the norm.
func (g *registers) foldNormGap(d *ledger.Decoded, row *normRow) error {
	switch e := d.Event.(type) {
	case norm.GapFound:
		if e.Case == "" {
			return nil
		}
		x, err := g.remedies.at(gapID(e.Case, row.ID, e.Gap), d.Revision > 0)
		if err != nil {
			return err
		}
		x.open(RemedyNormGap, e.Case, g.day(d), d.ID)
		x.Norm, x.Unit, x.Gap, x.Text, x.Due = row.ID, row.Unit, e.Gap, e.Text, e.CloseBy
	case norm.GapClosed:
		b := row.held()
		i := slices.IndexFunc(b.Gaps, func(n NormGap) bool { return n.Code == e.Gap })
		if i < 0 || b.Gaps[i].Case == "" {
			return nil
		}
		x, err := g.remedies.at(gapID(b.Gaps[i].Case, row.ID, e.Gap), d.Revision > 0)
		if err != nil {
			return err
		}
		from := g.day(d)
		if v, ok := b.State.Adopted(e.Version); ok {
			from = v.From
		}
		x.close(g.day(d), d.ID, from)
		x.Version = e.Version
	}
	return nil
}

func gapID(c domain.CaseID, n domain.NormID, gap string) string {
	return string(c) + "/" + RemedyNormGap + "/" + string(n) + "/" + gap
}

func (x *remedyRow) open(kind string, c domain.CaseID, on domain.Date, by domain.EventID) {
	x.Kind, x.Status, x.Case, x.OpenedOn, x.Opened = kind, RemedyOpen, c, on, by
}

func (x *remedyRow) close(on domain.Date, by domain.EventID, from domain.Date) {
	x.Status, x.DoneOn, x.Done, x.From = RemedyDone, on, by, from
}

// Remedy returns the remedy; nil when there is none to be seen.
func (r *Reader) Remedy(ctx context.Context, id string) (*Remedy, error) {
	return remedyShelf.one(ctx, r, id)
}

// Remedies lists the register of remedies, the last opened first.
func (r *Reader) Remedies(ctx context.Context, f RemedyFilter, p Page) (*List[Remedy], error) {
	return remedyShelf.list(ctx, r, query.And(below("x.unit", f.Unit), query.Eq("x.kind", f.Kind), query.Eq("x.status", f.Status),
		query.Eq("x.case_id", f.Case), query.Eq("x.post", f.Post), query.Eq("x.norm", f.Norm), query.Eq("x.rule", f.Rule),
		query.If(f.Overdue, "x.status = ? AND x.due <> '' AND x.due < ?", RemedyOpen, r.views.today().String())), p)
}

// RemediesByCase returns what each case opened, in the order of opening.
func (r *Reader) RemediesByCase(ctx context.Context, ids []domain.CaseID) (map[domain.CaseID][]Remedy, error) {
	return remediesBy(ctx, r, "case_id", ids, func(x *Remedy) domain.CaseID { return x.Case }, 1)
}

// RemediesByPost returns what cases opened at each post, the last first.
func (r *Reader) RemediesByPost(ctx context.Context, ids []domain.PostID) (map[domain.PostID][]Remedy, error) {
	return remediesBy(ctx, r, "post", ids, func(x *Remedy) domain.PostID { return x.Post }, -1)
}

// RemediesByNorm returns what cases opened in each norm, the last first.
func (r *Reader) RemediesByNorm(ctx context.Context, ids []domain.NormID) (map[domain.NormID][]Remedy, error) {
	return remediesBy(ctx, r, "norm", ids, func(x *Remedy) domain.NormID { return x.Norm }, -1)
}

// RemediesByRulebook returns which proposals each rulebook adopted, the last
// first.
func (r *Reader) RemediesByRulebook(ctx context.Context, ids []domain.RulebookID) (map[domain.RulebookID][]Remedy, error) {
	return remediesBy(ctx, r, "rulebook", ids, func(x *Remedy) domain.RulebookID { return x.Rulebook }, -1)
}

// remediesBy returns remedies by what stands in a column, ordered by when they
// were opened: the first first, or the last where the sign is -1.
func remediesBy[K ~string](ctx context.Context, r *Reader, column string, ids []K, key func(*Remedy) K, sign int) (map[K][]Remedy, error) {
	out, err := groupBy(ctx, r, remedyShelf, column, ids, key)
	for _, list := range out {
		slices.SortStableFunc(list, func(a, b Remedy) int { return sign * cmp.Compare(a.OpenedOn.String(), b.OpenedOn.String()) })
	}
	return out, err
}
