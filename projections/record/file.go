package record

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
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
	Event      domain.EventID  `json:"event"`
	Kind       domain.Kind     `json:"kind"`
	Position   ledger.Position `json:"position,string"`
	OccurredAt time.Time       `json:"occurredAt"`
	RecordedAt time.Time       `json:"recordedAt"`
	Imported   bool            `json:"imported"`
}

// File is the record file of one officer: everything that is on file about
// them, each entry with the event behind it. Slices are in the order of the
// ledger unless they say otherwise.
type File struct {
	Officer  domain.OfficerID `json:"officer"`
	Identity Identity         `json:"identity"`
	// Status is the stage of service: serving, suspended or separated.
	Status      string `json:"status"`
	StatusSince Source `json:"statusSince"`

	Posts []PostHeld `json:"posts"`
	// Ranks are those conferred, the first on entry.
	Ranks []RankHeld `json:"ranks"`
	// Suspensions are those from duty 停职; the last may be under way.
	Suspensions  []Suspension  `json:"suspensions"`
	Certificates []Certificate `json:"certificates"`
	// Training holds the hours by year, in order of years; Courses each one.
	Training   []TrainingYear `json:"training"`
	Courses    []Course       `json:"courses"`
	Appraisals []Appraisal    `json:"appraisals"`
	// Indicators are what each year is graded by, in order of years.
	Indicators []YearIndicators `json:"indicators"`
	Interests  []Interest       `json:"interests"`
	// Restrictions are those in force on the day the file was asked for.
	Restrictions []Restriction `json:"restrictions"`
	// Inquiries are the open ones; they bar transfer, promotion, reward and
	// retirement. Nil, and Barred nil, when the reader may not know.
	Inquiries []Inquiry `json:"inquiries"`
	Barred    *bool     `json:"barred,omitzero"`

	Sanctions  []Sanction  `json:"sanctions"`
	Rewards    []Reward    `json:"rewards"`
	Findings   []Finding   `json:"findings"`
	Complaints []Complaint `json:"complaints"`

	// Readings are who read the file 查阅记录; nil when the reader may not
	// know.
	Readings []Reading `json:"readings"`

	// Day is the day the file shows, in the rulebook's calendar.
	Day  domain.Date `json:"day,omitzero"`
	Head Head        `json:"head"`
}

// Head says what the file was folded from: the last position, the number of
// events, and the SHA-256 over their ids in order. For one reader, two files
// with the same head are the same file; what the reader may not know of is
// not counted, so that the head does not tell of it.
type Head struct {
	Position ledger.Position `json:"position,string"`
	Events   int             `json:"events"`
	Hash     string          `json:"hash"`
}

// Identity is who the officer is.
type Identity struct {
	Name        string        `json:"name"`
	LatinName   string        `json:"latinName"`
	StaffNumber string        `json:"staffNumber"`
	Unit        domain.UnitID `json:"unit"`
	Rank        string        `json:"rank"`
	EnrolledOn  domain.Date   `json:"enrolledOn,omitzero"`
	SeparatedOn domain.Date   `json:"separatedOn,omitzero"`
	// SeparationReason is empty while in service.
	SeparationReason string `json:"separationReason"`
	Source           `json:"source"`
}

// PostHeld is one stay in a post.
type PostHeld struct {
	Post     domain.PostID `json:"post"`
	Unit     domain.UnitID `json:"unit"`
	Leader   bool          `json:"leader"`
	HighRisk bool          `json:"highRisk"`
	From     domain.Date   `json:"from,omitzero"`
	// To is the first day out of the post; zero while it is held.
	To domain.Date `json:"to,omitzero"`
	// DeferredUntil is how long rotation was put off, if it was.
	DeferredUntil domain.Date `json:"deferredUntil,omitzero"`
	Source        `json:"source"`
}

// RankHeld is a rank conferred.
type RankHeld struct {
	Rank   string      `json:"rank"`
	On     domain.Date `json:"on,omitzero"`
	Source `json:"source"`
}

// Suspension is a time off duty. Source is the event that began it.
type Suspension struct {
	Reason string        `json:"reason"`
	Case   domain.CaseID `json:"case"`
	From   domain.Date   `json:"from,omitzero"`
	// To is the first day back on duty, or out of the service; zero while it
	// lasts.
	To     domain.Date `json:"to,omitzero"`
	Source `json:"source"`
}

// Certificate is one enforcement certificate 执法证.
type Certificate struct {
	Number    string      `json:"number"`
	ValidFrom domain.Date `json:"validFrom,omitzero"`
	ValidTo   domain.Date `json:"validTo,omitzero"`
	// Status is valid, suspended or revoked; a valid one may have run out.
	Status string `json:"status"`
	Source `json:"source"`
}

// TrainingYear is the training of one year.
type TrainingYear struct {
	Year  int `json:"year"`
	Hours int `json:"hours"`
}

// Course is one completed course.
type Course struct {
	Course string      `json:"course"`
	Hours  int         `json:"hours"`
	On     domain.Date `json:"on,omitzero"`
	Source `json:"source"`
}

// Appraisal is the grade of one year, corrections worked in.
type Appraisal struct {
	Year      int    `json:"year"`
	Grade     string `json:"grade"`
	Corrected bool   `json:"corrected"`
	Source    `json:"source"`
}

// YearIndicators is what the work of a year is graded by 考核指标, as laid down
// last.
type YearIndicators struct {
	Year       int                 `json:"year"`
	Indicators []officer.Indicator `json:"indicators"`
	Source     `json:"source"`
}

// Interest is a declared tie that calls for recusal 回避.
type Interest struct {
	Nature  string           `json:"nature"`
	With    string           `json:"with"`
	Unit    domain.UnitID    `json:"unit"`
	Officer domain.OfficerID `json:"officer"`
	Until   domain.Date      `json:"until,omitzero"`
	Source  `json:"source"`
}

// Restriction is what one sanction bars.
type Restriction struct {
	Sanction      domain.SanctionID `json:"sanction"`
	Measure       string            `json:"measure"`
	From          domain.Date       `json:"from,omitzero"`
	Until         domain.Date       `json:"until,omitzero"`
	ForGood       bool              `json:"forGood"`
	BarsPromotion bool              `json:"barsPromotion"`
	BarsPayRise   bool              `json:"barsPayRise"`
	BarsHonours   bool              `json:"barsHonours"`
	Source        `json:"source"`
}

// Inquiry is an open misconduct case that concerns the officer.
type Inquiry struct {
	Case   domain.CaseID `json:"case"`
	Source `json:"source"`
}

// Sanction is one measure against the officer as it stands. Source is the
// event that gave it its present status.
type Sanction struct {
	ID      domain.SanctionID `json:"id"`
	Case    domain.CaseID     `json:"case"`
	Measure string            `json:"measure"`
	// Label is the source's own word of an imported measure.
	Label    string      `json:"label"`
	Status   string      `json:"status"`
	Months   int         `json:"months"`
	From     domain.Date `json:"from,omitzero"`
	Until    domain.Date `json:"until,omitzero"`
	ForGood  bool        `json:"forGood"`
	InForce  bool        `json:"inForce"` // on the day of the file
	ServedOn domain.Date `json:"servedOn,omitzero"`
	Executed bool        `json:"executed"`
	// DeedOn is the day of the conduct; Rulebook and RulebookVersion are
	// those under which the measure was taken.
	DeedOn          domain.Date       `json:"deedOn,omitzero"`
	Rulebook        domain.RulebookID `json:"rulebook,omitzero"`
	RulebookVersion string            `json:"rulebookVersion,omitzero"`
	Source          `json:"source"`
}

// Reward is one honour as it stands.
type Reward struct {
	ID     domain.RewardID `json:"id"`
	Honour string          `json:"honour"`
	Merit  string          `json:"merit"`
	Status string          `json:"status"`
	// On is the day of the grant, zero before it.
	On     domain.Date `json:"on,omitzero"`
	Source `json:"source"`
}

// Finding is what was found of one allegation against the officer.
type Finding struct {
	ID         string             `json:"id"`
	Case       domain.CaseID      `json:"case"`
	Complaint  domain.ComplaintID `json:"complaint"`
	Unit       domain.UnitID      `json:"unit"`
	Category   string             `json:"category"`
	Result     string             `json:"result"`
	Discipline string             `json:"discipline"`
	Measure    string             `json:"measure"`
	Opinion    string             `json:"opinion"`
	On         domain.Date        `json:"on,omitzero"`
	// DeedOn is the day of the conduct; Norm, NormVersion and Clause are what
	// was broken, as it stood on that day.
	DeedOn      domain.Date   `json:"deedOn,omitzero"`
	Norm        domain.NormID `json:"norm,omitzero"`
	NormVersion int           `json:"normVersion,omitzero"`
	Clause      string        `json:"clause,omitzero"`
	// Overturned: an appeal annulled or replaced it; it stays on file.
	Overturned bool `json:"overturned"`
	Source     `json:"source"`
}

// Complaint is a complaint that named the officer, or found them
// responsible, as it stands.
type Complaint struct {
	ID         domain.ComplaintID `json:"id"`
	ReceivedOn domain.Date        `json:"receivedOn,omitzero"`
	Category   string             `json:"category"`
	Summary    string             `json:"summary"`
	Unit       domain.UnitID      `json:"unit"`
	Status     string             `json:"status"`
	Result     string             `json:"result"`
	// Responsible: the conclusion found this officer responsible.
	Responsible bool `json:"responsible"`
	// Final: there is an outcome (also of an imported complaint).
	Final bool `json:"final"`
	// ConcludedOn and AnsweredOn are the days of the last conclusion and of
	// the last answer to the reporter.
	ConcludedOn domain.Date `json:"concludedOn,omitzero"`
	AnsweredOn  domain.Date `json:"answeredOn,omitzero"`
	Source      `json:"source"`
}

// Reading is that somebody read the file, once or several times.
type Reading struct {
	By domain.ActorID `json:"by"`
	// Role is a word of the ledger, or of old records.
	Role  string `json:"role"`
	Why   string `json:"why"`
	Count int    `json:"count"`
	// From and To are the first and the last time; an imported log may know
	// the day of the last alone, or nothing.
	From   time.Time `json:"from,omitzero"`
	To     time.Time `json:"to,omitzero"`
	Source `json:"source"`
}
