package projections

import (
	"context"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// FileReading is one entry of the history of who read a record file.
type FileReading struct {
	By   domain.ActorID
	Role string
	Why  string
	// Count is how often, From and To are the first and the last time; an
	// imported log may know the day of the last alone, or nothing.
	Count    int
	From     time.Time
	To       time.Time
	Imported bool
}

type accessRow struct {
	ID domain.FileID `db:"id"`
	kept[[]FileReading]
}

var accessTable = newTable[accessRow]("accesses")

func (g *registers) foldAccess(d *ledger.Decoded) error {
	row, err := g.accesses.change(d)
	if err != nil {
		return err
	}
	list := row.held()
	switch e := d.Event.(type) {
	case access.Read:
		*list = append(*list, FileReading{By: e.Reader, Role: string(e.Role), Why: e.Why, Count: e.Count, From: e.From, To: e.To})
	case access.Imported:
		x := FileReading{By: e.Reader, Role: e.Role, Why: e.Why, Count: e.Count, Imported: true}
		if !e.LastOn.IsZero() {
			x.To = e.LastOn.In(time.UTC)
		}
		*list = append(*list, x)
	}
	return nil
}

// FileReadings returns who read the record file of each officer, in the order
// of the ledger, for those officers whose history of access is seen.
func (r *Reader) FileReadings(ctx context.Context, ids []domain.OfficerID) (map[domain.OfficerID][]FileReading, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := loadByID(ctx, r, accessTable, ids, s.access("x"))
	out := make(map[domain.OfficerID][]FileReading, len(rows))
	for i := range rows {
		out[domain.OfficerID(rows[i].ID)] = *rows[i].held()
	}
	return out, err
}

// PostRisks is what a post may do, the risks of that and the controls against
// them (article I9).
type PostRisks struct {
	Powers        []string
	Risks         []PostRisk
	RotationYears int
}

// PostRisk is a risk with its controls.
type PostRisk struct {
	post.Risk
	Controls []post.Control
	// Tested: at least one control passed its last test.
	Tested bool
	// Overdue: it is to be graded again, and its day has passed.
	Overdue bool
}

// PostRisks returns the risks of each post, for those who see the history of
// posts.
func (r *Reader) PostRisks(ctx context.Context, ids []domain.PostID) (map[domain.PostID]PostRisks, error) {
	out := map[domain.PostID]PostRisks{}
	s, err := r.scoped(ctx)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	where := query.And(query.In("x.id", ids), s.houseKept(s.post("x")))
	today := r.views.today()
	err = r.ask(ctx, "SELECT x.id, x.state FROM posts x"+where.Where(), where.Args, func(st *sqlite3.Stmt) error {
		var p post.Post
		if err := json.Unmarshal([]byte(st.ColumnText(1)), &p); err != nil {
			return err
		}
		risks := PostRisks{Powers: p.Powers, RotationYears: p.RotationYears}
		for _, x := range p.Risks {
			one := PostRisk{Risk: x, Overdue: !x.NextBy.IsZero() && today.After(x.NextBy)}
			for _, c := range p.Controls {
				if c.Risk == x.Code {
					one.Controls = append(one.Controls, c)
					one.Tested = one.Tested || c.Tested && c.Passed
				}
			}
			risks.Risks = append(risks.Risks, one)
		}
		out[domain.PostID(st.ColumnText(0))] = risks
		return nil
	})
	return out, err
}
