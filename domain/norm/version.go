package norm

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Version is the text as it stands from one day on.
type Version struct {
	Number int
	// From is the first day in force.
	From    domain.Date
	Clauses []Clause
	Tiers   []Tier
	Steps   []Step
}

// Clause is a passage of the text that can be cited.
type Clause struct {
	Code string `json:"code"`
	Text string `json:"text"`
	// Least and Most are the lightest and the heaviest measure for a breach,
	// from the rulebook's ladder; in a list of prohibited conduct alone.
	Least domain.Measure `json:"least,omitzero"`
	Most  domain.Measure `json:"most,omitzero"`
}

// Allows tells whether the measure lies in the clause's range on the
// rulebook's ladder.
func (c Clause) Allows(m domain.Measure, rules domain.SanctionRules) bool {
	_, least, _ := rules.Rung(c.Least)
	_, most, _ := rules.Rung(c.Most)
	_, place, ok := rules.Rung(m)
	return ok && least <= place && place <= most
}

// Tier is a step of a benchmark of discretion 裁量阶次.
type Tier struct {
	Code string `json:"code"`
	// Clause is the clause of the same text that it makes precise.
	Clause string `json:"clause"`
	// Factors says what puts a case into this tier.
	Factors string `json:"factors"`
	// MinAmount and MaxAmount bound what may be decided, in fen.
	MinAmount int64 `json:"minAmount"`
	MaxAmount int64 `json:"maxAmount"`
}

// Allows tells whether the amount in fen lies in the tier.
func (t Tier) Allows(amount int64) bool { return t.MinAmount <= amount && amount <= t.MaxAmount }

// LighterThan tells whether the tier is the lighter of two: lower in one bound
// and higher in none (从旧兼从轻).
func (t Tier) LighterThan(u Tier) bool {
	return t.MaxAmount <= u.MaxAmount && t.MinAmount <= u.MinAmount && (t.MaxAmount < u.MaxAmount || t.MinAmount < u.MinAmount)
}

// StepKind is what a step of a procedure does.
type StepKind string

// The kinds of step.
const (
	StepInvestigate StepKind = "investigate"           // 调查取证
	StepPreserve    StepKind = "preserve_evidence"     // 先行登记保存
	StepNotify      StepKind = "notify"                // 告知
	StepStatement   StepKind = "hear_statement"        // 听取陈述申辩
	StepHearing     StepKind = "hold_hearing"          // 听证
	StepLegalReview StepKind = "legal_review"          // 法制审核
	StepDiscussion  StepKind = "collective_discussion" // 集体讨论
	StepDecide      StepKind = "decide"                // 决定
	StepServe       StepKind = "serve"                 // 送达
	StepExecute     StepKind = "execute"               // 执行
	StepPublish     StepKind = "publish"               // 公示
	StepOther       StepKind = "other"
)

// The kinds that come before the decision, and those that come after it;
// other may stand on either side.
var (
	stepsBefore = []StepKind{StepInvestigate, StepPreserve, StepNotify, StepStatement, StepHearing, StepLegalReview, StepDiscussion}
	stepsAfter  = []StepKind{StepServe, StepExecute, StepPublish}
	stepKinds   = slices.Concat(stepsBefore, []StepKind{StepDecide}, stepsAfter, []StepKind{StepOther})
)

// Step is one step of a procedure.
type Step struct {
	Code     string   `json:"code"`
	StepName string   `json:"name"`
	StepKind StepKind `json:"kind"`
	// Requires are the steps that come before it. An optional one may be left
	// out, but not made up for afterwards.
	Requires []string `json:"requires,omitempty"`
	// ConflictsWith are the steps that nobody takes who takes this one
	// 不相容职责分离. It holds both ways.
	ConflictsWith []string `json:"conflictsWith,omitempty"`
	// Optional: the procedure can be complete without it.
	Optional bool `json:"optional"`
	// TwoOfficers: two persons take it together.
	TwoOfficers bool `json:"twoOfficers"`
}

// Clause returns the clause of that code.
func (v Version) Clause(code string) (Clause, bool) {
	return find(v.Clauses, func(c Clause) bool { return c.Code == code })
}

// Tier returns the tier of that code.
func (v Version) Tier(code string) (Tier, bool) {
	return find(v.Tiers, func(t Tier) bool { return t.Code == code })
}

// Step returns the step of that code.
func (v Version) Step(code string) (Step, bool) {
	return find(v.Steps, func(s Step) bool { return s.Code == code })
}

// StepOf returns the first step of that kind.
func (v Version) StepOf(kind StepKind) (Step, bool) {
	return find(v.Steps, func(s Step) bool { return s.StepKind == kind })
}

func find[T any](list []T, is func(T) bool) (T, bool) {
	var zero T
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	return zero, false
}
