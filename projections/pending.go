package projections

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/record"
)

var errPending = errors.New("not answered yet by this build")

// Options are the choices at Open.
type Options struct {
	// ReadOnly opens for asking only.
	ReadOnly bool
	// Readers bounds the connections that read at one moment; 0 means 4.
	Readers int
	// Calendar says on which day "now" falls; UTC when zero.
	Calendar domain.Calendar
	// Now is the clock; time.Now when nil.
	Now func() time.Time
}

// Views is the file of views and what keeps it up to date.
type Views struct{}

type scope struct{}

func Open(dir string, codec *ledger.Codec, opts Options) (*Views, error) { return nil, errPending }
func (v *Views) Close() error                                            { return errPending }
func (v *Views) As(p Principal) *Reader                                  { return &Reader{views: v, who: p} }
func (v *Views) CatchUp(ctx context.Context, store ledger.Store, progress func(done ledger.Position)) error {
	return errPending
}
func (v *Views) Run(ctx context.Context, store ledger.Store) error { return errPending }
func (v *Views) Rebuild(ctx context.Context, store ledger.Store, progress func(done ledger.Position)) error {
	return errPending
}
func (v *Views) Position(ctx context.Context) (ledger.Position, error) { return 0, errPending }
func (v *Views) WaitFor(ctx context.Context, at ledger.Position) error { return errPending }
func (v *Views) Cursor(ctx context.Context, name string) (ledger.Position, error) {
	return 0, errPending
}
func (v *Views) SetCursor(ctx context.Context, name string, at ledger.Position) error {
	return errPending
}
func (r *Reader) Officer(ctx context.Context, id domain.OfficerID) (*Officer, error) {
	panic(errPending)
}
func (r *Reader) OfficersByID(ctx context.Context, ids []domain.OfficerID) (map[domain.OfficerID]*Officer, error) {
	panic(errPending)
}
func (r *Reader) Officers(ctx context.Context, filter OfficerFilter, page Page) (*List[Officer], error) {
	panic(errPending)
}
func (r *Reader) Unit(ctx context.Context, id domain.UnitID) (*Unit, error) { panic(errPending) }
func (r *Reader) UnitsByID(ctx context.Context, ids []domain.UnitID) (map[domain.UnitID]*Unit, error) {
	panic(errPending)
}
func (r *Reader) Units(ctx context.Context, filter UnitFilter, page Page) (*List[Unit], error) {
	panic(errPending)
}
func (r *Reader) Post(ctx context.Context, id domain.PostID) (*Post, error) { panic(errPending) }
func (r *Reader) PostsByID(ctx context.Context, ids []domain.PostID) (map[domain.PostID]*Post, error) {
	panic(errPending)
}
func (r *Reader) Posts(ctx context.Context, filter PostFilter, page Page) (*List[Post], error) {
	panic(errPending)
}
func (r *Reader) Complaint(ctx context.Context, id domain.ComplaintID) (*Complaint, error) {
	panic(errPending)
}
func (r *Reader) ComplaintsByID(ctx context.Context, ids []domain.ComplaintID) (map[domain.ComplaintID]*Complaint, error) {
	panic(errPending)
}
func (r *Reader) Complaints(ctx context.Context, filter ComplaintFilter, page Page) (*List[Complaint], error) {
	panic(errPending)
}
func (r *Reader) Case(ctx context.Context, id domain.CaseID) (*Case, error) { panic(errPending) }
func (r *Reader) CasesByID(ctx context.Context, ids []domain.CaseID) (map[domain.CaseID]*Case, error) {
	panic(errPending)
}
func (r *Reader) Cases(ctx context.Context, filter CaseFilter, page Page) (*List[Case], error) {
	panic(errPending)
}
func (r *Reader) Sanction(ctx context.Context, id domain.SanctionID) (*Sanction, error) {
	panic(errPending)
}
func (r *Reader) SanctionsByID(ctx context.Context, ids []domain.SanctionID) (map[domain.SanctionID]*Sanction, error) {
	panic(errPending)
}
func (r *Reader) Sanctions(ctx context.Context, filter SanctionFilter, page Page) (*List[Sanction], error) {
	panic(errPending)
}
func (r *Reader) Reward(ctx context.Context, id domain.RewardID) (*Reward, error) { panic(errPending) }
func (r *Reader) RewardsByID(ctx context.Context, ids []domain.RewardID) (map[domain.RewardID]*Reward, error) {
	panic(errPending)
}
func (r *Reader) Rewards(ctx context.Context, filter RewardFilter, page Page) (*List[Reward], error) {
	panic(errPending)
}
func (r *Reader) Event(ctx context.Context, id domain.EventID) (*Event, error) { panic(errPending) }
func (r *Reader) EventsByID(ctx context.Context, ids []domain.EventID) (map[domain.EventID]*Event, error) {
	panic(errPending)
}
func (r *Reader) Events(ctx context.Context, filter EventFilter, page Page) (*List[Event], error) {
	panic(errPending)
}
func (r *Reader) Finding(ctx context.Context, id string) (*Finding, error) { panic(errPending) }
func (r *Reader) Findings(ctx context.Context, filter FindingFilter, page Page) (*List[Finding], error) {
	panic(errPending)
}
func (r *Reader) FindingFacets(ctx context.Context, filter FindingFilter, by Facet) ([]Bucket, error) {
	panic(errPending)
}
func (r *Reader) ComplaintFacets(ctx context.Context, filter ComplaintFilter, by Facet) ([]Bucket, error) {
	panic(errPending)
}
func (r *Reader) FindingsByComplaint(ctx context.Context, ids []domain.ComplaintID) (map[domain.ComplaintID][]Finding, error) {
	panic(errPending)
}
func (r *Reader) FindingsByCase(ctx context.Context, ids []domain.CaseID) (map[domain.CaseID][]Finding, error) {
	panic(errPending)
}
func (r *Reader) FindingsByOfficer(ctx context.Context, ids []domain.OfficerID) (map[domain.OfficerID][]Finding, error) {
	panic(errPending)
}
func (r *Reader) SanctionsByOfficer(ctx context.Context, ids []domain.OfficerID) (map[domain.OfficerID][]Sanction, error) {
	panic(errPending)
}
func (r *Reader) SanctionsByCase(ctx context.Context, ids []domain.CaseID) (map[domain.CaseID][]Sanction, error) {
	panic(errPending)
}
func (r *Reader) RewardsByOfficer(ctx context.Context, ids []domain.OfficerID) (map[domain.OfficerID][]Reward, error) {
	panic(errPending)
}
func (r *Reader) CasesByComplaint(ctx context.Context, ids []domain.ComplaintID) (map[domain.ComplaintID][]Case, error) {
	panic(errPending)
}
func (r *Reader) UnitsByParent(ctx context.Context, ids []domain.UnitID) (map[domain.UnitID][]Unit, error) {
	panic(errPending)
}
func (r *Reader) OfficerCounts(ctx context.Context, ids []domain.OfficerID) (map[domain.OfficerID]OfficerCounts, error) {
	panic(errPending)
}
func (r *Reader) Timeline(ctx context.Context, of domain.Ref, filter EventFilter, page Page) (*List[TimelineEntry], error) {
	panic(errPending)
}
func (r *Reader) RecordFile(ctx context.Context, officer domain.OfficerID, as AsOf) (*record.File, error) {
	panic(errPending)
}
func (r *Reader) Search(ctx context.Context, text string, types []string, page Page) (*List[Hit], error) {
	panic(errPending)
}
func (r *Reader) Statistics(ctx context.Context, filter StatisticsFilter) (*Statistics, error) {
	panic(errPending)
}
func (r *Reader) Positions(ctx context.Context) ([]Progress, error)     { panic(errPending) }
func (r *Reader) Position(ctx context.Context) (ledger.Position, error) { panic(errPending) }
func (r *Reader) SanctionsDue(ctx context.Context, today domain.Date) ([]Sanction, error) {
	panic(errPending)
}
func (r *Reader) ExportRecords(ctx context.Context) iter.Seq2[*record.File, error] { panic(errPending) }

// StatisticsFilter narrows statistics.
type StatisticsFilter struct {
	Unit         domain.UnitID
	ReceivedFrom domain.Date
	ReceivedTo   domain.Date
}

// Statistics counts what is on file, within the principal's scope.
type Statistics struct {
	// Totals by kind of object: officers, units, complaints, cases,
	// findings, sanctions, rewards; only what the principal may count.
	Totals []Bucket
	// Complaints and findings by what they are.
	ComplaintsByYear     []Bucket
	ComplaintsByCategory []Bucket
	ComplaintsByResult   []Bucket
	FindingsByResult     []Bucket
	FindingsByDiscipline []Bucket
	SanctionsByMeasure   []Bucket
}
