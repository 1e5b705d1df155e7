// Package disclosure is the room of one item due to the public on a medium
// (政务公开, article I5): due by a day, published, corrected, withdrawn.
//
// Every item can be read by anyone, without signing in; so nothing that is
// not for the public may stand in one. The publication is proved by a digest
// of what was shown.
//
// When the act an item is about was overturned, the item must be withdrawn
// within the rulebook's term and is not published any more. What was due late
// is recorded with the days it was late, never refused.
package disclosure

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("disclosure", "政务公开",
	[]domain.EventOf[Item]{
		Due{}, Published{}, Corrected{}, WithdrawRequired{}, Withdrawn{}, Imported{},
	},
	[]domain.CommandOf[Item]{
		Require{}, Publish{}, Correct{}, RequireWithdrawal{}, Withdraw{}, Import{},
	})

// Medium is where the public meets an item.
type Medium string

// The media.
const (
	MediumWebsite    Medium = "website"     // 门户网站
	MediumBoard      Medium = "board"       // 公示栏
	MediumGazette    Medium = "gazette"     // 公报
	MediumHallScreen Medium = "hall_screen" // 办事大厅显示屏
	MediumNewspaper  Medium = "newspaper"   // 报纸
)

// Media lists every medium, in the order of the constants.
func Media() []Medium {
	return []Medium{MediumWebsite, MediumBoard, MediumGazette, MediumHallScreen, MediumNewspaper}
}

// Status is where in its life an item stands.
type Status string

// The life of an item.
const (
	StatusNone      Status = ""
	StatusDue       Status = "due"
	StatusPublished Status = "published"
	StatusWithdrawn Status = "withdrawn"
)

// Item is the state of one item.
type Item struct {
	Status Status
	Medium Medium
	Unit   domain.UnitID
	// By is the last day for publication.
	By    domain.Date
	About domain.EnforcementID
	// On is when it was published.
	On domain.Date
	// Cause is the overturned act for which it must be withdrawn, by the day
	// WithdrawBy; zero when it need not be.
	Cause      domain.EnforcementID
	WithdrawBy domain.Date
}

// fresh refuses when the item has a history already.
func (i Item) fresh() error {
	if i.Status != StatusNone {
		return domain.Refuse(domain.CodeExists, "subject", "this item is on file already as %s", i.Status)
	}
	return nil
}

// in refuses unless the item stands at one of the statuses.
func (i Item) in(verb string, allowed ...Status) error {
	if i.Status == StatusNone {
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such item; require it first")
	}
	if !slices.Contains(allowed, i.Status) {
		return domain.Refuse(domain.CodeState, "", "an item that is %s cannot be %s", i.Status, verb)
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
