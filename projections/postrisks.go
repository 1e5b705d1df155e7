package projections

import (
	"context"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// PostRisk is one risk point of a post (article I9), with how it is graded
// and what stands against it.
type PostRisk struct {
	// ID is the post and the code, with a slash between them.
	ID   string        `db:"id"`
	Post domain.PostID `db:"post"`
	Unit domain.UnitID `db:"unit"`
	// PostStatus is that of the post: the risks of a closed one stay on file.
	PostStatus  string      `db:"post_status"`
	Code        string      `db:"code"`
	Power       string      `db:"power"`
	Description string      `db:"description"`
	FoundOn     domain.Date `db:"found_on"`
	// Grade and Score are those of the last full round, GradedOn its day;
	// empty before the first.
	Grade    string      `db:"grade"`
	Score    int         `db:"score"`
	GradedOn domain.Date `db:"graded_on"`
	// Due is the last day to grade it again: a year after the last round,
	// or earlier where a re-rating is required, which Pending tells.
	Due     domain.Date `db:"due"`
	Pending bool        `db:"pending"`
	// Effective counts the controls that passed their last test, LastTest is
	// the day of the last one of any.
	Effective int         `db:"effective"`
	LastTest  domain.Date `db:"last_test"`
	// Overdue: the post stands, and Due has passed.
	Overdue bool

	// Gradings are the last one at each level, in the order of the levels.
	Gradings []RiskGrading
	Controls []RiskControl
}

// Untested tells a high risk without a control that passed its last test.
func (x *PostRisk) Untested() bool { return x.Grade == string(post.GradeHigh) && x.Effective == 0 }

// RiskGrading is how one level graded a risk.
type RiskGrading struct {
	Level   string
	Factors post.Factors
	Score   int
	Grade   string
	By      domain.ActorID
	On      domain.Date
	// Open: it belongs to a round that is not complete.
	Open bool
}

// RiskControl is a measure against a risk.
type RiskControl struct {
	post.Control
	Description string
	AdoptedOn   domain.Date
	// TestedOn, TestedBy and Note are those of the last test.
	TestedOn domain.Date
	TestedBy domain.ActorID
	Note     string
}

// PostRisks is what a post may do, and the risks of that.
type PostRisks struct {
	Powers        []string
	Risks         []PostRisk
	RotationYears int
}

// PostRiskFilter narrows the register of risks. Zero fields do not narrow.
type PostRiskFilter struct {
	Unit  domain.UnitID // with everything below it
	Post  domain.PostID
	Power string
	Grade string
	// Ungraded: before the first full round of grading, or after it.
	Ungraded *bool
	Pending  *bool
	// Overdue: of a post that stands, to be graded again before today.
	Overdue *bool
	// Untested: high, and no control passed its last test; or not so.
	Untested   *bool
	PostStatus string
}

type postRiskRow struct {
	PostRisk
	kept[postRiskBody]
}

type postRiskBody struct {
	Gradings []RiskGrading
	Controls []RiskControl
}

var postRiskTable = newTable[postRiskRow]("post_risks", "post", "unit", "grade, due")

var postRiskShelf = shelf[postRiskRow, PostRisk, string]{
	name: "post risks", table: postRiskTable, order: []string{"id"},
	seen: scope.postRisk, show: showPostRisk, id: func(x *PostRisk) string { return x.ID },
}

// foldPostRisks keeps the rows of the risks that the event is about. s is the
// state of the post after it.
func (g *registers) foldPostRisks(d *ledger.Decoded, id domain.PostID, s *post.Post) error {
	switch e := d.Event.(type) {
	case post.RiskIdentified:
		return g.changeRisk(d, id, s, e.Risk, func(x *postRiskRow) {
			if x.FoundOn.IsZero() {
				x.Power, x.Description, x.FoundOn = e.Power, e.Description, g.day(d)
			}
		})
	case post.RiskGraded:
		return g.changeRisk(d, id, s, e.Risk, func(x *postRiskRow) { x.grade(e, d.Act.Actor, g.day(d)) })
	case post.ControlAdopted:
		return g.changeRisk(d, id, s, e.Risk, func(x *postRiskRow) {
			if b := x.held(); b.control(e.Control) == nil {
				b.Controls = append(b.Controls, RiskControl{Control: post.Control{Code: e.Control}, Description: e.Description, AdoptedOn: g.day(d)})
			}
		})
	case post.ControlTested:
		i := slices.IndexFunc(s.Controls, func(c post.Control) bool { return c.Code == e.Control })
		if i < 0 {
			return nil
		}
		return g.changeRisk(d, id, s, s.Controls[i].Risk, func(x *postRiskRow) {
			x.LastTest = g.day(d)
			if c := x.held().control(e.Control); c != nil {
				c.TestedOn, c.TestedBy, c.Note = g.day(d), d.Act.Actor, e.Note
			}
		})
	case post.ReratingRequired, post.Closed:
		for _, r := range s.Risks {
			if err := g.changeRisk(d, id, s, r.Code, func(*postRiskRow) {}); err != nil {
				return err
			}
		}
	}
	return nil
}

// changeRisk folds into the row of a risk what the event says, and then what
// the room makes of it.
func (g *registers) changeRisk(d *ledger.Decoded, id domain.PostID, s *post.Post, code string, change func(*postRiskRow)) error {
	i := slices.IndexFunc(s.Risks, func(r post.Risk) bool { return r.Code == code })
	if i < 0 {
		return nil
	}
	row, err := g.postRisks.at(string(id)+"/"+code, d.Revision > 0)
	if err == nil {
		err = g.texts.reserve(domain.Ref{Type: riskRef, ID: row.ID})
	}
	if err != nil {
		return err
	}
	change(row)
	r, b := s.Risks[i], row.held()
	row.Post, row.Code, row.Unit, row.PostStatus = id, code, s.Unit, string(s.Status)
	row.Grade, row.Score, row.Pending, row.Due = string(r.Grade), r.Score, r.Pending, r.NextBy
	for _, required := range s.Reratings {
		if r.Pending && (row.Due.IsZero() || required.Due.Before(row.Due)) {
			row.Due = required.Due
		}
	}
	for i := range b.Gradings {
		x := &b.Gradings[i]
		x.Open = slices.ContainsFunc(r.Round, func(o post.Grading) bool { return string(o.Level) == x.Level })
	}
	row.Effective = 0
	for _, c := range s.Controls {
		if own := b.control(c.Code); own != nil {
			own.Control = c
			if c.Tested && c.Passed {
				row.Effective++
			}
		}
	}
	return nil
}

// grade puts a grading in the place of the level's last one.
func (row *postRiskRow) grade(e post.RiskGraded, by domain.ActorID, on domain.Date) {
	one := RiskGrading{Level: string(e.Level), Factors: e.Factors, Score: e.Score, Grade: string(e.Grade), By: by, On: on}
	levels := []post.Level{post.LevelUnit, post.LevelSection, post.LevelLeadership}
	b := row.held()
	b.Gradings = append(slices.DeleteFunc(b.Gradings, func(x RiskGrading) bool { return x.Level == one.Level }), one)
	slices.SortFunc(b.Gradings, func(x, y RiskGrading) int {
		return slices.Index(levels, post.Level(x.Level)) - slices.Index(levels, post.Level(y.Level))
	})
	if e.Level == post.LevelLeadership {
		row.GradedOn = on
	}
}

func (b *postRiskBody) control(code string) *RiskControl {
	if i := slices.IndexFunc(b.Controls, func(c RiskControl) bool { return c.Code == code }); i >= 0 {
		return &b.Controls[i]
	}
	return nil
}

func showPostRisk(r *Reader, row *postRiskRow) PostRisk {
	out, b := row.PostRisk, row.held()
	out.Gradings, out.Controls = b.Gradings, b.Controls
	out.Overdue = out.PostStatus == string(post.StatusOpen) && !out.Due.IsZero() && r.today().After(out.Due)
	return out
}

// PostRisk returns the risk; nil when there is none to be seen.
func (r *Reader) PostRisk(ctx context.Context, id string) (*PostRisk, error) {
	return postRiskShelf.one(ctx, r, id)
}

// PostRisksByID returns those that are seen.
func (r *Reader) PostRisksByID(ctx context.Context, ids []string) (map[string]*PostRisk, error) {
	return postRiskShelf.byID(ctx, r, ids)
}

// PostRisks lists the register of risks by post and code.
func (r *Reader) PostRisks(ctx context.Context, f PostRiskFilter, p Page) (*List[PostRisk], error) {
	return postRiskShelf.list(ctx, r, query.And(below("x.unit", f.Unit), query.Eq("x.post", f.Post), query.Eq("x.power", f.Power),
		query.Eq("x.grade", f.Grade), is("(x.grade = '')", f.Ungraded), is("x.pending", f.Pending), r.overdueRisks(f.Overdue),
		is("(x.grade = 'high' AND x.effective = 0)", f.Untested), query.Eq("x.post_status", f.PostStatus)), p)
}

func (r *Reader) overdueRisks(want *bool) query.Cond {
	if want == nil {
		return query.Cond{}
	}
	return query.C("(x.post_status = ? AND x.due <> '' AND x.due < ?) = ?", string(post.StatusOpen), r.views.today().String(), *want)
}

// PostRisksByPost returns what each post may do and the risks of that, for
// those who see the history of posts.
func (r *Reader) PostRisksByPost(ctx context.Context, ids []domain.PostID) (map[domain.PostID]PostRisks, error) {
	out := map[domain.PostID]PostRisks{}
	s, err := r.scoped(ctx)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	risks, err := groupBy(ctx, r, postRiskShelf, "post", ids, func(x *PostRisk) domain.PostID { return x.Post })
	if err != nil {
		return out, err
	}
	where := query.And(query.In("x.id", ids), s.postRisk("x"))
	err = r.ask(ctx, "SELECT x.id, x.state FROM posts x"+where.Where(), where.Args, func(st dbRow) error {
		id := domain.PostID(st.ColumnText(0))
		var p post.Post
		if err := json.Unmarshal([]byte(st.ColumnText(1)), &p); err != nil {
			return err
		}
		out[id] = PostRisks{Powers: p.Powers, RotationYears: p.RotationYears, Risks: risks[id]}
		return nil
	})
	return out, err
}
