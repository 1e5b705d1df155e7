// Package norm is the room of one rule text with coded clauses (制度, articles
// I6, D2, D3, D5, D9): a list of prohibited conduct (禁止行为清单), a benchmark
// of discretion (裁量基准), an enforcement procedure, a standard of window
// service or an internal rule.
//
// A text is drafted by one person and adopted by another, from a day on that
// is not past. A revision is drafted and adopted in the same way; earlier
// versions stay, so that Norm.InForce answers for any day which text held.
// A gap found in the text is closed by a version adopted after it was found.
//
// A procedure is a graph of steps around one decision: every other step leads
// to it or follows from it. Version.Missing says what must come first,
// Version.Conflict which two steps one person may not both take, and
// Version.SinglePersonPath whether one person could walk it alone (D9).
package norm

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("norm", "制度",
	[]domain.EventOf[Norm]{
		Drafted{}, Revised{}, Adopted{}, Reviewed{}, GapFound{}, GapClosed{}, Acknowledged{}, Repealed{}, Imported{},
	},
	[]domain.CommandOf[Norm]{
		Draft{}, Revise{}, Adopt{}, Review{}, FindGap{}, CloseGap{}, Acknowledge{}, Repeal{}, Import{},
	})

// Kind is what a text is for.
type Kind string

// The kinds of text.
const (
	KindProhibition  Kind = "prohibited_conduct"   // 禁止行为清单
	KindBenchmark    Kind = "discretion_benchmark" // 裁量基准
	KindProcedure    Kind = "procedure"            // 执法程序
	KindWindow       Kind = "window_standard"      // 窗口服务规范
	KindInternalRule Kind = "internal_rule"        // 内部制度
)

// Status is where in its life a text stands.
type Status string

// The life of a text.
const (
	StatusNone     Status = ""
	StatusDraft    Status = "draft" // the first version waits to be adopted
	StatusAdopted  Status = "adopted"
	StatusRepealed Status = "repealed"
)

// Norm is the state of one text.
type Norm struct {
	Status   Status
	Title    string
	NormKind Kind
	Unit     domain.UnitID
	// Owner answers for the upkeep.
	Owner domain.OfficerID
	// Versions are those adopted, by their first day.
	Versions []Version
	// Proposed is the version that waits to be adopted, drafted by Drafter;
	// its number is 0 when there is none.
	Proposed Version
	Drafter  domain.ActorID
	// ReviewBy is the day by which the text is reviewed again.
	ReviewBy domain.Date
	Gaps     []Gap
	// Acknowledged tells who acknowledged up to which version.
	Acknowledged map[domain.OfficerID]int
	// RepealedFrom is the first day without the text.
	RepealedFrom domain.Date
}

// Gap is a weakness of the text.
type Gap struct {
	Code string
	// Version is the last adopted when it was found.
	Version int
	CloseBy domain.Date
	Closed  bool
}

// InForce returns the version in force on the day, and whether there is one.
func (n Norm) InForce(day domain.Date) (Version, bool) {
	if !n.RepealedFrom.IsZero() && !day.Before(n.RepealedFrom) {
		return Version{}, false
	}
	for _, v := range slices.Backward(n.Versions) {
		if !day.Before(v.From) {
			return v, true
		}
	}
	return Version{}, false
}

// Adopted returns the adopted version of that number, in force or not.
func (n Norm) Adopted(number int) (Version, bool) {
	i := slices.IndexFunc(n.Versions, func(v Version) bool { return v.Number == number })
	if i < 0 {
		return Version{}, false
	}
	return n.Versions[i], true
}

// Clause returns the clause of the version in force on the day.
func (n Norm) Clause(code string, day domain.Date) (Clause, bool) {
	v, _ := n.InForce(day)
	return v.Clause(code)
}

// Tier returns the tier of the version in force on the day.
func (n Norm) Tier(code string, day domain.Date) (Tier, bool) {
	v, _ := n.InForce(day)
	return v.Tier(code)
}

// Steps returns the steps of the version in force on the day.
func (n Norm) Steps(day domain.Date) []Step {
	v, _ := n.InForce(day)
	return v.Steps
}

// latest returns the number of the last version adopted, 0 for none.
func (n Norm) latest() int {
	if len(n.Versions) == 0 {
		return 0
	}
	return n.Versions[len(n.Versions)-1].Number
}

// in refuses unless the text stands at one of the statuses.
func (n Norm) in(verb string, allowed ...Status) error {
	if n.Status == StatusNone {
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such text; draft or import it first")
	}
	if !slices.Contains(allowed, n.Status) {
		return domain.Refuse(domain.CodeState, "", "a text that is %s cannot be %s", n.Status, verb)
	}
	return nil
}

func (n Norm) gap(code string) int {
	return slices.IndexFunc(n.Gaps, func(g Gap) bool { return g.Code == code })
}

// firstDay returns the day from which something holds: the one given, or the
// day of the act. It refuses a day that is past.
func firstDay(from domain.Date, act domain.Act, book *domain.Rulebook) (domain.Date, error) {
	today := book.Calendar.Day(act.OccurredAt)
	if from.IsZero() {
		return today, nil
	}
	if from.Before(today) {
		return from, domain.Refuse(domain.CodeRule, "from", "%s is past; a text holds from the day it is adopted, %s, at the earliest", from, today).Under(book.Norm.NoRetroaction)
	}
	return from, nil
}
