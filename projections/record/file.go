package record

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// Entry is one event of an officer's file, with its place in the ledger.
type Entry struct {
	Position ledger.Position
	domain.Recorded
}

// Source names the event behind an entry of the file, and tells old history
// from what was decided here.
type Source struct {
	Event      domain.EventID
	Kind       domain.Kind
	Position   ledger.Position
	OccurredAt time.Time
	RecordedAt time.Time
	Imported   bool
}

// File is the record file of one officer: everything that is on file about
// them, each entry with the event behind it. Slices are in the order of the
// ledger unless they say otherwise.
type File struct {
	Officer  domain.OfficerID
	Identity Identity
	// Status is the stage of service: serving, suspended or separated.
	Status      string
	StatusSince Source

	Posts        []PostHeld
	Certificates []Certificate
	// Training holds the hours by year, in order of years; Courses each one.
	Training   []TrainingYear
	Courses    []Course
	Appraisals []Appraisal
	Interests  []Interest
	// Restrictions are those in force on the day the file was asked for.
	Restrictions []Restriction
	// Inquiries are the open ones; they bar transfer, promotion, reward and
	// retirement. Nil, and Barred nil, when the reader may not know.
	Inquiries []Inquiry
	Barred    *bool

	Sanctions  []Sanction
	Rewards    []Reward
	Findings   []Finding
	Complaints []Complaint

	// Day is the day the file shows, in the rulebook's calendar.
	Day  domain.Date
	Head Head
}

// Head says what the file was folded from: the last position, the number of
// events, and the SHA-256 over their ids in order. Two files with the same
// head are the same file.
type Head struct {
	Position ledger.Position
	Events   int
	Hash     string
}

// Identity is who the officer is.
type Identity struct {
	Name        string
	LatinName   string
	StaffNumber string
	Unit        domain.UnitID
	Rank        string
	EnrolledOn  domain.Date
	SeparatedOn domain.Date
	// SeparationReason is empty while in service.
	SeparationReason string
	Source
}

// PostHeld is one stay in a post.
type PostHeld struct {
	Post     domain.PostID
	Unit     domain.UnitID
	Leader   bool
	HighRisk bool
	From     domain.Date
	// To is the first day out of the post; zero while it is held.
	To domain.Date
	// DeferredUntil is how long rotation was put off, if it was.
	DeferredUntil domain.Date
	Source
}

// Certificate is one enforcement certificate 执法证.
type Certificate struct {
	Number    string
	ValidFrom domain.Date
	ValidTo   domain.Date
	// Status is valid, suspended or revoked; a valid one may have run out.
	Status string
	Source
}

// TrainingYear is the training of one year.
type TrainingYear struct {
	Year  int
	Hours int
}

// Course is one completed course.
type Course struct {
	Course string
	Hours  int
	On     domain.Date
	Source
}

// Appraisal is the grade of one year, corrections worked in.
type Appraisal struct {
	Year      int
	Grade     string
	Corrected bool
	Source
}

// Interest is a declared tie that calls for recusal 回避.
type Interest struct {
	Nature  string
	With    string
	Unit    domain.UnitID
	Officer domain.OfficerID
	Until   domain.Date
	Source
}

// Restriction is what one sanction bars.
type Restriction struct {
	Sanction      domain.SanctionID
	Measure       string
	From          domain.Date
	Until         domain.Date
	ForGood       bool
	BarsPromotion bool
	BarsPayRise   bool
	BarsHonours   bool
	Source
}

// Inquiry is an open misconduct case that concerns the officer.
type Inquiry struct {
	Case domain.CaseID
	Source
}

// Sanction is one measure against the officer as it stands. Source is the
// event that gave it its present status.
type Sanction struct {
	ID      domain.SanctionID
	Case    domain.CaseID
	Measure string
	// Label is the source's own word of an imported measure.
	Label    string
	Status   string
	Months   int
	From     domain.Date
	Until    domain.Date
	ForGood  bool
	InForce  bool // on the day of the file
	ServedOn domain.Date
	Executed bool
	Source
}

// Reward is one honour as it stands.
type Reward struct {
	ID     domain.RewardID
	Honour string
	Merit  string
	Status string
	// On is the day of the grant, zero before it.
	On domain.Date
	Source
}

// Finding is what was found of one allegation against the officer.
type Finding struct {
	ID         string
	Case       domain.CaseID
	Complaint  domain.ComplaintID
	Unit       domain.UnitID
	Category   string
	Result     string
	Discipline string
	Measure    string
	Opinion    string
	On         domain.Date
	// Overturned: an appeal annulled or replaced it; it stays on file.
	Overturned bool
	Source
}

// Complaint is a complaint that named the officer, or found them
// responsible, as it stands.
type Complaint struct {
	ID         domain.ComplaintID
	ReceivedOn domain.Date
	Category   string
	Summary    string
	Unit       domain.UnitID
	Status     string
	Result     string
	// Responsible: the conclusion found this officer responsible.
	Responsible bool
	// Final: there is an outcome (also of an imported complaint).
	Final bool
	Source
}
