package projections

import (
	"context"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/ledger"
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
