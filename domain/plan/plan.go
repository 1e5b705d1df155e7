// Package plan is the room of one work plan (工作计划, article I1): a period's
// goals, broken down to stages and to dated targets, each with a responsible
// unit and a responsible person.
//
// At the end of a stage every one of its targets is compared in a report to
// the leadership, which passes or returns it. A stage does not close while a
// target has neither evidence nor explanation: whatever was missed is
// explained by the one responsible, excused by another person, or held to
// account, from which the trace-back follows.
//
// Who was responsible on the due day answers for the target: it is handed on
// before that day or not at all. Evidence that comes late is recorded with
// the days it is late, and unmakes neither an excuse nor an account.
//
// A plan of old is filed by import. It stays history, no step follows.
package plan

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Room is the catalog entry.
var Room = domain.NewAggregate("plan", "工作计划",
	[]domain.EventOf[Plan]{
		Drafted{}, Adopted{}, TargetSet{}, TargetReassigned{}, ProgressReported{}, TargetMet{}, TargetMissed{},
		MissExplained{}, MissExcused{}, MissHeldToAccount{},
		StageReportFiled{}, StageReportDeliberated{}, StageClosed{}, Closed{}, Imported{},
	},
	[]domain.CommandOf[Plan]{
		Draft{}, Adopt{}, SetTarget{}, ReassignTarget{}, ReportProgress{}, MeetTarget{}, MissTarget{},
		ExplainMiss{}, ExcuseMiss{}, HoldToAccount{},
		FileStageReport{}, DeliberateStageReport{}, CloseStage{}, Close{}, Import{},
	})

// Status is where in its life a plan stands.
type Status string

// The life of a plan.
const (
	StatusNone     Status = ""
	StatusDrafted  Status = "drafted"
	StatusAdopted  Status = "adopted"
	StatusClosed   Status = "closed"
	StatusImported Status = "imported"
)

// StageStatus is where in its life a stage stands.
type StageStatus string

// The life of a stage.
const (
	StageOpen     StageStatus = "open"
	StageReported StageStatus = "reported"
	StageReturned StageStatus = "returned"
	StagePassed   StageStatus = "passed"
	StageDone     StageStatus = "closed"
)

// Result is how a target compares with what was planned.
type Result string

// The results.
const (
	ResultOpen        Result = "open"        // neither met nor missed yet
	ResultMet         Result = "met"         // met in time
	ResultLate        Result = "late"        // met after its due day
	ResultMissed      Result = "missed"      // and not explained
	ResultExplained   Result = "explained"   // missed, the reason is on file
	ResultExcused     Result = "excused"     // missed, the reason was accepted
	ResultAccountable Result = "accountable" // missed, and held to account
)

// Plan is the state of one plan.
type Plan struct {
	Status  Status
	Unit    domain.UnitID
	Owner   domain.OfficerID
	From    domain.Date
	To      domain.Date
	Stages  []StageState
	Targets []Target
}

// StageState is how far a stage came.
type StageState struct {
	Code   string
	Ends   domain.Date
	Status StageStatus
	// Filer filed the last report.
	Filer domain.ActorID
}

// Target is one dated target.
type Target struct {
	Code    string
	Stage   string
	Due     domain.Date
	Unit    domain.UnitID
	Officer domain.OfficerID
	Result  Result
	// Met tells that evidence is on file, DaysLate how late it was.
	Met      bool
	DaysLate int
}

// unmet tells a missed target on which nothing was decided.
func (t Target) unmet() bool { return t.Result == ResultMissed || t.Result == ResultExplained }

// in refuses unless the plan stands at one of the statuses.
func (p Plan) in(verb string, allowed ...Status) error {
	if p.Status == StatusNone {
		return domain.Refuse(domain.CodeNotFound, "subject", "there is no such plan; draft it first")
	}
	if !slices.Contains(allowed, p.Status) {
		return domain.Refuse(domain.CodeState, "", "a plan that is %s cannot be %s", p.Status, verb)
	}
	return nil
}

// stage returns the stage of the code, or refuses.
func (p Plan) stage(code string) (StageState, error) {
	i := slices.IndexFunc(p.Stages, func(s StageState) bool { return s.Code == code })
	if i < 0 {
		return StageState{}, domain.Refuse(domain.CodeInvalid, "stage", "the plan has no stage %q", code)
	}
	return p.Stages[i], nil
}

// in refuses unless the stage stands at one of the statuses.
func (s StageState) in(verb string, allowed ...StageStatus) error {
	if !slices.Contains(allowed, s.Status) {
		return domain.Refuse(domain.CodeState, "stage", "a stage that is %s cannot be %s", s.Status, verb)
	}
	return nil
}

// target returns the target of the code in a plan that is carried out, or
// refuses.
func (p Plan) target(code, verb string) (Target, error) {
	if err := p.in(verb, StatusAdopted); err != nil {
		return Target{}, err
	}
	i := slices.IndexFunc(p.Targets, func(t Target) bool { return t.Code == code })
	if i < 0 {
		return Target{}, domain.Refuse(domain.CodeIncomplete, "target", "target %q was not set in this plan; set it first", code)
	}
	return p.Targets[i], nil
}

// of lists the targets of a stage, in the order in which they were set.
func (p Plan) of(stage string) []Target {
	return slices.DeleteFunc(slices.Clone(p.Targets), func(t Target) bool { return t.Stage != stage })
}

// ownIfOfficer refuses when the role officer is used on another's target.
func (t Target) ownIfOfficer(act domain.Act) error {
	if act.Role == domain.RoleOfficer && act.Actor != domain.ActorID(t.Officer) {
		return domain.Refuse(domain.CodeForbidden, "target", "%s is responsible for the target; an officer reports on their own", t.Officer)
	}
	return nil
}

// changeTarget folds a change of one target; an unknown one changes nothing.
func (p *Plan) changeTarget(code string, change func(*Target)) {
	if i := slices.IndexFunc(p.Targets, func(t Target) bool { return t.Code == code }); i >= 0 {
		p.Targets = slices.Clone(p.Targets)
		change(&p.Targets[i])
	}
}

// changeStage folds a change of one stage; an unknown one changes nothing.
func (p *Plan) changeStage(code string, change func(*StageState)) {
	if i := slices.IndexFunc(p.Stages, func(s StageState) bool { return s.Code == code }); i >= 0 {
		p.Stages = slices.Clone(p.Stages)
		change(&p.Stages[i])
	}
}
