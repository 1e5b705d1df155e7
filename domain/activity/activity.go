// Package activity is the room of one activity (活动): warning education (警示
// 教育, article I2), party-branch study (支部学习, I7), integrity culture (廉政
// 文化, I8), diligence education (勤政警示, D8) and pre-post training (岗前培训,
// D1). It is scheduled, held with its attendance and materials, and assessed
// by somebody else; or cancelled.
//
// A carrier of culture (文化载体: a board, a shelf, a page, a contest) lives in
// this room too, under an id of its own: it is set up, refreshed from time to
// time, and retired.
//
// The events carry what tells a session from an empty form (走过场): who was
// expected and who came, the format, who contributed and observed from
// outside, and the digest of the minutes, which repeats where minutes are
// copied.
package activity

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("activity", "活动",
	[]domain.EventOf[Activity]{
		Scheduled{}, Held{}, Assessed{}, Cancelled{}, CarrierSet{}, CarrierRefreshed{}, CarrierRetired{}, Imported{},
	},
	[]domain.CommandOf[Activity]{
		Schedule{}, Hold{}, HoldUnscheduled{}, Assess{}, Cancel{}, SetCarrier{}, RefreshCarrier{}, RetireCarrier{}, Import{},
	})

// Kind tells what an activity is for.
type Kind string

// The kinds of activity.
const (
	KindWarningEducation   Kind = "warning_education"   // 警示教育
	KindBranchStudy        Kind = "branch_study"        // 支部学习
	KindCulture            Kind = "culture"             // 廉政文化
	KindDiligenceEducation Kind = "diligence_education" // 勤政警示教育
	KindPrePostTraining    Kind = "pre_post_training"   // 岗前培训
)

// Kinds lists every kind of activity, in the order of the constants.
func Kinds() []Kind {
	return []Kind{KindWarningEducation, KindBranchStudy, KindCulture, KindDiligenceEducation, KindPrePostTraining}
}

// Format is the form an activity takes.
type Format string

// The formats.
const (
	FormatVisit       Format = "visit"         // 参观
	FormatTalkByJudge Format = "talk_by_judge" // 法官、检察官授课
	FormatFilm        Format = "film"          // 观影
	FormatOwnPlay     Format = "own_play"      // 自编自演
	FormatLecture     Format = "lecture"       // 讲座
	FormatSeminar     Format = "seminar"       // 研讨
	FormatExhibition  Format = "exhibition"    // 展览
	FormatOnline      Format = "online"        // 在线学习
	FormatCaseStudy   Format = "case_study"    // 案例剖析
	FormatOther       Format = "other"         // 其他
)

// Formats lists every format, in the order of the constants.
func Formats() []Format {
	return []Format{FormatVisit, FormatTalkByJudge, FormatFilm, FormatOwnPlay, FormatLecture, FormatSeminar,
		FormatExhibition, FormatOnline, FormatCaseStudy, FormatOther}
}

// MostHours is the longest activity one event may report, in hours; more is a
// slip of the pen. MostPeople is how many persons one list may name, so that
// the event stays under the ledger's entry limit: larger gatherings are held
// by unit.
const (
	MostHours  = 400
	MostPeople = 250
)

// Status is where in its life an activity or a carrier stands.
type Status string

// The life of an activity, and of a carrier.
const (
	StatusNone      Status = ""
	StatusScheduled Status = "scheduled"
	StatusHeld      Status = "held"
	StatusAssessed  Status = "assessed"
	StatusCancelled Status = "cancelled"
	StatusImported  Status = "imported"
	StatusSet       Status = "set"     // a carrier
	StatusRetired   Status = "retired" // a carrier
)

// Activity is the state of one activity or carrier.
type Activity struct {
	Status Status
	Kind   Kind
	Format Format
	Unit   domain.UnitID
	Topic  string
	// Holder recorded that it was held.
	Holder domain.ActorID
	// Refreshed is when a carrier was set up or last refreshed.
	Refreshed domain.Date
}

// fresh refuses when the id has a history already.
func (a Activity) fresh() error {
	if a.Status != StatusNone {
		return domain.Refuse(domain.CodeExists, "subject", "an activity or carrier that is %s is on file under this id", a.Status)
	}
	return nil
}

// in refuses unless it stands at one of the statuses.
func (a Activity) in(verb string, allowed ...Status) error {
	if a.Status == StatusNone {
		return domain.Refuse(domain.CodeNotFound, "subject", "there is nothing under this id that could be %s", verb)
	}
	if !slices.Contains(allowed, a.Status) {
		return domain.Refuse(domain.CodeState, "", "what is %s cannot be %s", a.Status, verb)
	}
	return nil
}

// upToNow returns the day given, or the day of the act when none was. It
// refuses a day to come.
func upToNow(field string, day domain.Date, act domain.Act, book *domain.Rulebook) (domain.Date, error) {
	today := book.Calendar.Day(act.OccurredAt)
	if day.IsZero() {
		return today, nil
	}
	if day.After(today) {
		return day, domain.Refuse(domain.CodeInvalid, field, "%s lies in the future; record it when it has happened", day)
	}
	return day, nil
}

func checkHours(hours int) error {
	if hours < 1 || hours > MostHours {
		return domain.Refuse(domain.CodeInvalid, "hours", "%d hours; an activity has 1 to %d", hours, MostHours)
	}
	return nil
}
