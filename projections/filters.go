package projections

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// AsOf asks for what was the case at another time. The sides combine;
// the zero AsOf means now.
type AsOf struct {
	// Recorded: what the ledger knew then, that is the events recorded up to
	// and including this moment.
	Recorded time.Time
	// Occurred: what had happened by then, as far as it is known (or, with
	// Recorded, was known).
	Occurred time.Time
	// Position: what the ledger held up to and including this place; 0 for
	// all of it.
	Position ledger.Position
}

// OfficerFilter narrows the register of officers. Zero fields do not narrow.
type OfficerFilter struct {
	// Unit with everything below it.
	Unit   domain.UnitID
	Post   domain.PostID
	Status string
	// Name is a part of the name, in either script, or of the staff number.
	Name        string
	MinFindings int
	Imported    *bool
	// SortByName orders by name instead of id.
	SortByName bool
}

// UnitFilter narrows the register of units.
type UnitFilter struct {
	Parent domain.UnitID
	// Roots: only units without a parent.
	Roots  bool
	Kind   string
	Status string
}

// PostFilter narrows the register of posts.
type PostFilter struct {
	Unit   domain.UnitID // with everything below it
	Grade  string
	Status string
}

// ComplaintFilter narrows the register of complaints. Unit is matched with
// everything below it, Category and Place exactly. Complaints are listed by
// the day of receipt, newest first.
type ComplaintFilter struct {
	Category        string
	Unit            domain.UnitID
	Place           string
	Channel         string
	Status          string
	Result          string
	Rating          string
	Handler         domain.ActorID
	Officer         domain.OfficerID
	Post            domain.PostID
	Imported        *bool
	ReceivedFrom    domain.Date
	ReceivedTo      domain.Date
	DueBefore       domain.Date
	WithoutFindings bool
}

// CaseFilter narrows the register of cases; newest first.
type CaseFilter struct {
	Status    string
	Unit      domain.UnitID
	Officer   domain.OfficerID
	Complaint domain.ComplaintID
	Imported  *bool
}

// FindingFilter narrows the register of findings; in the order of the ledger.
type FindingFilter struct {
	Officer    domain.OfficerID
	Complaint  domain.ComplaintID
	Case       domain.CaseID
	Unit       domain.UnitID // with everything below it
	Result     string
	Discipline string
	Category   string
	Imported   *bool
	// Unidentified: only findings that name no officer.
	Unidentified bool
	FoundFrom    domain.Date
	FoundTo      domain.Date
}

// SanctionFilter narrows the register of sanctions.
type SanctionFilter struct {
	Officer  domain.OfficerID
	Case     domain.CaseID
	Unit     domain.UnitID // of the officer, with everything below it
	Measure  string
	Status   string
	Imported *bool
	// InForceOn: in effect on the day.
	InForceOn domain.Date
}

// RewardFilter narrows the register of rewards.
type RewardFilter struct {
	Officer  domain.OfficerID
	Unit     domain.UnitID // of the unit or officer, with everything below it
	Honour   string
	Status   string
	Imported *bool
	// WhileRestricted: granted on a day on which a sanction was in effect, as
	// far as the principal sees the sanction.
	WhileRestricted bool
}

// Order is how events are ordered.
type Order string

// The orders of events. Recorded is the order of the ledger itself.
const (
	RecordedDesc Order = "recorded_desc"
	RecordedAsc  Order = "recorded_asc"
	OccurredDesc Order = "occurred_desc"
	OccurredAsc  Order = "occurred_asc"
)

// EventFilter narrows a timeline or a list of events. Times are inclusive.
type EventFilter struct {
	Kinds        []domain.Kind
	OccurredFrom time.Time
	OccurredTo   time.Time
	RecordedFrom time.Time
	RecordedTo   time.Time
	Actor        domain.ActorID
	Role         domain.Role
	Imported     *bool
	// As keeps what touches the reference in one of these fields; for
	// timelines only.
	As []string
	// Correlation keeps one chain of cause and effect, Cause what one event
	// brought about directly.
	Correlation domain.EventID
	Cause       domain.EventID
	// Rulebook keeps what was decided under it: "cn-2024" in any version,
	// "cn-2024/2" in that one.
	Rulebook string
	// After and Through keep what stands behind the one position, and not
	// behind the other, in the order of the ledger; zero for no bound.
	After   ledger.Position
	Through ledger.Position
	// Order is RecordedDesc when empty for lists of events, OccurredDesc for
	// timelines.
	Order Order
}

// Facet is what to count a list by.
type Facet string

// The facets of findings.
const (
	ByResult     Facet = "result"
	ByDiscipline Facet = "discipline"
	ByCategory   Facet = "category"
	ByUnit       Facet = "unit"
	BySource     Facet = "source" // digests of source rows: how many distinct ones there are
	ByOfficer    Facet = "officer"
)

// The facets of complaints alone: the rating, and the post complained about.
const (
	ByRating = Facet("rating")
	ByPost   = Facet("post")
)

// Bucket is one value of a facet and how often it was met.
type Bucket struct {
	Value string
	Count int
	// Suppressed: the count is small enough to lead back to a person and is
	// not told.
	Suppressed bool
}
