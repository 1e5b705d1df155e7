package projections

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// The rows of the registers. The tags name the columns; tables are made from
// them, and a changed row is a new version of the projection.

// Unit is a node of the organisation tree as it stands.
type Unit struct {
	ID       domain.UnitID `db:"id"`
	Name     string        `db:"name"`
	NameEn   string        `db:"name_en"`
	Kind     string        `db:"kind"`
	Parent   domain.UnitID `db:"parent"`
	Status   string        `db:"status"`
	Since    domain.Date   `db:"since"`
	Until    domain.Date   `db:"until"`
	Imported bool          `db:"imported"`
}

// Post is a position as it stands.
type Post struct {
	ID       domain.PostID `db:"id"`
	Name     string        `db:"name"`
	NameEn   string        `db:"name_en"`
	Unit     domain.UnitID `db:"unit"`
	Status   string        `db:"status"`
	Leader   bool          `db:"leader"`
	Grade    string        `db:"grade"` // of its risks: high, medium, low, or none yet
	Imported bool          `db:"imported"`
}

// Officer is a person in the service as they stand.
type Officer struct {
	ID          domain.OfficerID `db:"id"`
	Name        string           `db:"name"`
	LatinName   string           `db:"latin_name"`
	StaffNumber string           `db:"staff_number"`
	Unit        domain.UnitID    `db:"unit"`
	Post        domain.PostID    `db:"post"`
	PostSince   domain.Date      `db:"post_since"`
	Leader      bool             `db:"leader"`
	Rank        string           `db:"rank"`
	Status      string           `db:"status"`
	EnrolledOn  domain.Date      `db:"enrolled_on"`
	SeparatedOn domain.Date      `db:"separated_on"`
	Imported    bool             `db:"imported"`

	// Certificate is the last enforcement certificate.
	CertificateNumber string      `db:"certificate_number"`
	CertificateStatus string      `db:"certificate_status"`
	CertificateUntil  domain.Date `db:"certificate_until"`

	// Barred tells whether an open inquiry bars transfer, promotion, reward
	// and retirement; nil when the principal may not know.
	Barred *bool
}

// OfficerCounts is how much is on file about an officer, counted within what
// the principal may see.
type OfficerCounts struct {
	Complaints int
	Findings   int
	Sanctions  int
	Rewards    int
}

// Complaint is a complaint as it stands. It never holds who reported it.
type Complaint struct {
	ID          domain.ComplaintID `db:"id"`
	ReceivedOn  domain.Date        `db:"received_on"`
	Category    string             `db:"category"`
	Channel     string             `db:"channel"`
	Summary     string             `db:"summary"`
	Place       string             `db:"place"`
	RealName    bool               `db:"real_name"`
	Unit        domain.UnitID      `db:"unit"`
	Post        domain.PostID      `db:"post"`
	ToUnit      domain.UnitID      `db:"to_unit"`
	Status      string             `db:"status"`
	Result      string             `db:"result"`
	Handler     domain.ActorID     `db:"handler"`
	Due         domain.Date        `db:"due"`
	ConcludedOn domain.Date        `db:"concluded_on"`
	AnsweredOn  domain.Date        `db:"answered_on"`
	// Rating is the grade that the reporter gave the answer.
	Rating   string `db:"rating"`
	Imported bool   `db:"imported"`

	// Officers are those complained about or found responsible.
	Officers []domain.OfficerID
}

// Case is a misconduct case as it stands.
type Case struct {
	ID         domain.CaseID       `db:"id"`
	Status     string              `db:"status"`
	Origin     string              `db:"origin"`
	Complaint  domain.ComplaintID  `db:"complaint"`
	Inspection domain.InspectionID `db:"inspection"`
	Unit       domain.UnitID       `db:"unit"`
	Summary    string              `db:"summary"`
	OpenedOn   domain.Date         `db:"opened_on"`
	DecidedOn  domain.Date         `db:"decided_on"`
	ArchivedOn domain.Date         `db:"archived_on"`
	Imported   bool                `db:"imported"`

	// Officers are those inquired into.
	Officers []domain.OfficerID
	// Analyses are what it was found to teach, in the order of the ledger.
	Analyses []Analysis
}

// Finding is one confirmed finding of a case, or one imported from old
// records. A finding without an officer concerns someone unidentified.
type Finding struct {
	// ID is stable: the event behind it, and its place in the event where
	// there are several.
	ID         string             `db:"id"`
	Event      domain.EventID     `db:"event"`
	Position   ledger.Position    `db:"position"`
	Case       domain.CaseID      `db:"case_id"`
	Complaint  domain.ComplaintID `db:"complaint"`
	Officer    domain.OfficerID   `db:"officer"`
	Unit       domain.UnitID      `db:"unit"`
	Category   string             `db:"category"`
	Conduct    string             `db:"conduct"`
	Result     string             `db:"result"`
	Discipline string             `db:"discipline"`
	Measure    string             `db:"measure"`
	On         domain.Date        `db:"found_on"`
	// DeedOn is the day of the conduct; Norm, NormVersion and Clause are what
	// was broken, as it stood on that day. Without a norm Clause is in words.
	DeedOn      domain.Date   `db:"deed_on"`
	Norm        domain.NormID `db:"norm"`
	NormVersion int           `db:"norm_version"`
	Clause      string        `db:"clause"`
	// Overturned: an appeal annulled it; it stays on file.
	Overturned bool   `db:"overturned"`
	Imported   bool   `db:"imported"`
	Source     string `db:"source"`
}

// Sanction is one measure against one person as it stands.
type Sanction struct {
	ID      domain.SanctionID `db:"id"`
	Officer domain.OfficerID  `db:"officer"`
	Case    domain.CaseID     `db:"case_id"`
	Measure string            `db:"measure"`
	// Label is the source's own word of an imported measure.
	Label     string      `db:"label"`
	Status    string      `db:"status"`
	Months    int         `db:"months"`
	From      domain.Date `db:"effect_from"`
	Until     domain.Date `db:"effect_until"`
	ForGood   bool        `db:"for_good"`
	DecidedOn domain.Date `db:"decided_on"`
	ServedOn  domain.Date `db:"served_on"`
	Executed  bool        `db:"executed"`
	Imported  bool        `db:"imported"`
	// DeedOn is the day of the conduct; Rulebook and RulebookVersion are
	// those under which the measure was taken.
	DeedOn          domain.Date       `db:"deed_on"`
	Rulebook        domain.RulebookID `db:"under_rulebook"`
	RulebookVersion string            `db:"under_version"`
}

// Reward is one honour for a person or a unit as it stands.
type Reward struct {
	ID        domain.RewardID  `db:"id"`
	Officer   domain.OfficerID `db:"officer"`
	Unit      domain.UnitID    `db:"unit"`
	Honour    string           `db:"honour"`
	Merit     string           `db:"merit"`
	Status    string           `db:"status"`
	GrantedOn domain.Date      `db:"granted_on"`
	Imported  bool             `db:"imported"`
}

// Event is a recorded event, in the open.
type Event struct {
	ID       domain.EventID
	Position ledger.Position
	Kind     domain.Kind
	// Subject is the aggregate it happened to; Subject.Stream() names its
	// stream.
	Subject     domain.Ref
	Revision    int64
	Actor       domain.ActorID
	Role        domain.Role
	OccurredAt  time.Time
	RecordedAt  time.Time
	Rulebook    string
	Cause       domain.EventID
	Correlation domain.EventID
	// Source is the digest of the record it was imported from.
	Source string
	// Data is the event's own JSON, as it was signed; where Veiled, without
	// the ids of cases of which the principal may not know. The envelope tells
	// more then, and is not theirs to read. Other readers share it: it must
	// not be changed, no more than TimelineEntry.As.
	Data   []byte
	Veiled bool
}

// Imported tells old history from what was decided here.
func (e Event) Imported() bool { return e.Source != "" }

// TimelineEntry is an event on the timeline of a reference, and as what it
// touches the reference: names of the referring fields, "subject", "actor".
type TimelineEntry struct {
	Event
	As []string
}

// Progress is how far a projection has come.
type Progress struct {
	Name     string
	Version  int
	Position ledger.Position
}
