package plan

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Line is one target of a stage as its report compares it.
type Line struct {
	Target   string           `json:"target"`
	Unit     domain.UnitID    `json:"unit"`
	Officer  domain.OfficerID `json:"officer"`
	Due      domain.Date      `json:"due"`
	Result   Result           `json:"result"`
	DaysLate int              `json:"daysLate,omitzero"`
	Remark   string           `json:"remark,omitzero"`
}

// StageReportFiled: every target of the stage was compared.
type StageReportFiled struct {
	Stage    string            `json:"stage"`
	Lines    []Line            `json:"lines,omitempty"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (StageReportFiled) Kind() domain.Kind { return "plan.stage_report_filed.v1" }

func (e StageReportFiled) Apply(p *Plan, act domain.Act) {
	p.changeStage(e.Stage, func(s *StageState) { s.Status, s.Filer = StageReported, act.Actor })
}

// Comparison is what the report says of one target. What became of it stands
// in the ledger and is added from there.
type Comparison struct {
	Target string `json:"target"`
	Remark string `json:"remark,omitzero"`
}

// FileStageReport compares every target of a stage, from its last day on.
type FileStageReport struct {
	Stage string `json:"stage"`
	// Lines are all targets of the stage, each once. Their remarks together
	// are at most domain.MaxText bytes.
	Lines    []Comparison      `json:"lines,omitempty"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (FileStageReport) Name() domain.CommandName { return "plan.file_stage_report" }

func (FileStageReport) By() []domain.Role {
	return []domain.Role{domain.RoleLeader, domain.RoleInspector, domain.RoleHR}
}

func (c FileStageReport) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := p.in("reported on", StatusAdopted); err != nil {
		return nil, err
	}
	stage, err := p.stage(c.Stage)
	if err := domain.First(err, stage.in("reported on", StageOpen, StageReturned), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	if book.Calendar.Day(act.OccurredAt).Before(stage.Ends) {
		return nil, domain.Refuse(domain.CodeTooEarly, "stage", "ends on %s", stage.Ends)
	}
	remarks, err := c.remarks(p)
	if err != nil {
		return nil, err
	}
	filed := StageReportFiled{Stage: c.Stage, Evidence: c.Evidence}
	for _, t := range p.of(c.Stage) {
		remark, compared := remarks[t.Code]
		if !compared {
			return nil, domain.Refuse(domain.CodeIncomplete, "lines", "target %s is not compared; a report compares every target of its stage", t.Code).Under(book.Plan.Duty)
		}
		if t.Result == ResultOpen {
			return nil, domain.Refuse(domain.CodeIncomplete, "lines", "target %s is neither met nor missed yet; record which", t.Code).Under(book.Plan.Duty)
		}
		filed.Lines = append(filed.Lines, Line{t.Code, t.Unit, t.Officer, t.Due, t.Result, t.DaysLate, remark})
	}
	return []domain.Event{filed}, nil
}

// remarks returns what is said of each target. It refuses targets of other
// stages, doubles, and remarks that are too long together.
func (c FileStageReport) remarks(p Plan) (map[string]string, error) {
	remarks, size := map[string]string{}, 0
	for _, l := range c.Lines {
		if !slices.ContainsFunc(p.of(c.Stage), func(t Target) bool { return t.Code == l.Target }) {
			return nil, domain.Refuse(domain.CodeInvalid, "lines", "%q is no target of stage %s", l.Target, c.Stage)
		}
		if _, twice := remarks[l.Target]; twice {
			return nil, domain.Refuse(domain.CodeInvalid, "lines", "target %s is compared twice", l.Target)
		}
		if err := domain.CheckOptionalText("lines", l.Remark); err != nil {
			return nil, err
		}
		remarks[l.Target] = l.Remark
		size += len(l.Remark)
	}
	if size > domain.MaxText {
		return nil, domain.Refuse(domain.CodeInvalid, "lines", "the remarks are %d bytes long, at most %d are allowed; file longer matter as evidence", size, domain.MaxText)
	}
	return remarks, nil
}

// Outcome is what the leadership made of a stage report.
type Outcome string

// The outcomes.
const (
	OutcomePassed   Outcome = "passed"   // 通过
	OutcomeReturned Outcome = "returned" // 退回
)

// StageReportDeliberated: the leadership passed the report or returned it.
type StageReportDeliberated struct {
	Stage   string  `json:"stage"`
	Outcome Outcome `json:"outcome"`
	Remarks string  `json:"remarks,omitzero"`
}

func (StageReportDeliberated) Kind() domain.Kind { return "plan.stage_report_deliberated.v1" }

func (e StageReportDeliberated) Apply(p *Plan, act domain.Act) {
	p.changeStage(e.Stage, func(s *StageState) {
		s.Status = StageReturned
		if e.Outcome == OutcomePassed {
			s.Status = StagePassed
		}
	})
}

// DeliberateStageReport passes a filed report or returns it. Who filed it
// cannot.
type DeliberateStageReport struct {
	Stage string `json:"stage"`
	// Outcome is passed or returned.
	Outcome Outcome `json:"outcome"`
	// Remarks say what is wanted; required when the report is returned.
	Remarks string `json:"remarks,omitzero"`
}

func (DeliberateStageReport) Name() domain.CommandName { return "plan.deliberate_stage_report" }

func (DeliberateStageReport) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c DeliberateStageReport) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := p.in("deliberated", StatusAdopted); err != nil {
		return nil, err
	}
	stage, err := p.stage(c.Stage)
	if err := domain.First(err, stage.in("deliberated", StageReported),
		domain.CheckOneOf("outcome", c.Outcome, OutcomePassed, OutcomeReturned), domain.CheckOptionalText("remarks", c.Remarks)); err != nil {
		return nil, err
	}
	if c.Outcome == OutcomeReturned && c.Remarks == "" {
		return nil, domain.Refuse(domain.CodeInvalid, "remarks", "say what the report lacks")
	}
	if act.Actor == stage.Filer {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s filed the report; another leader must deliberate it", act.Actor).Under(book.Plan.Separation)
	}
	return []domain.Event{StageReportDeliberated(c)}, nil
}

// StageClosed: every target of the stage has evidence, an explanation, an
// excuse, or goes to account.
type StageClosed struct {
	Stage string `json:"stage"`
}

func (StageClosed) Kind() domain.Kind { return "plan.stage_closed.v1" }

func (e StageClosed) Apply(p *Plan, act domain.Act) {
	p.changeStage(e.Stage, func(s *StageState) { s.Status = StageDone })
}

// CloseStage ends a stage whose report was passed.
type CloseStage struct {
	Stage string `json:"stage"`
}

func (CloseStage) Name() domain.CommandName { return "plan.close_stage" }

func (CloseStage) By() []domain.Role {
	return []domain.Role{domain.RoleLeader, domain.RoleInspector, domain.RoleHR}
}

func (c CloseStage) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := p.in("closed by stages", StatusAdopted); err != nil {
		return nil, err
	}
	stage, err := p.stage(c.Stage)
	if err != nil {
		return nil, err
	}
	if stage.Status != StagePassed && stage.Status != StageDone {
		return nil, domain.Refuse(domain.CodeIncomplete, "stage", "is %s; the leadership must pass its report first", stage.Status).Under(book.Plan.Duty)
	}
	if err := stage.in("closed", StagePassed); err != nil {
		return nil, err
	}
	for _, t := range p.of(c.Stage) {
		if t.Result == ResultMissed {
			return nil, domain.Refuse(domain.CodeIncomplete, "stage", "target %s has neither evidence nor explanation; %s must explain it, or it is excused or held to account", t.Code, t.Officer).Under(book.Plan.Duty)
		}
	}
	return []domain.Event{StageClosed(c)}, nil
}

// Closed: the plan is done. Late evidence is no longer taken.
type Closed struct{}

func (Closed) Kind() domain.Kind { return "plan.closed.v1" }

func (e Closed) Apply(p *Plan, act domain.Act) { p.Status = StatusClosed }

// Close ends a plan whose stages are all closed.
type Close struct{}

func (Close) Name() domain.CommandName { return "plan.close" }

func (Close) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c Close) Decide(p Plan, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := p.in("closed", StatusAdopted); err != nil {
		return nil, err
	}
	for _, s := range p.Stages {
		if s.Status != StageDone {
			return nil, domain.Refuse(domain.CodeIncomplete, "", "stage %s is %s; close every stage first", s.Code, s.Status).Under(book.Plan.Duty)
		}
	}
	return []domain.Event{Closed{}}, nil
}
