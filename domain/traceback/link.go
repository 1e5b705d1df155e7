package traceback

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Stage is when, seen from the act, the duty was to be done.
type Stage string

// The stages.
const (
	StageExAnte    Stage = "ex_ante"    // 事前
	StageInProcess Stage = "in_process" // 事中
	StageExPost    Stage = "ex_post"    // 事后
)

// Liability is how a person answers for the fault.
type Liability string

// The kinds of liability.
const (
	LiabilityDirect      Liability = "direct"      // 直接责任
	LiabilityLeading     Liability = "leading"     // 领导责任
	LiabilitySupervisory Liability = "supervisory" // 监督责任
)

// Intent is the state of mind.
type Intent string

// The states of mind.
const (
	IntentIntent     Intent = "intent"     // 故意
	IntentNegligence Intent = "negligence" // 过失
)

// LinkTraced: a person's share in the fault was found.
type LinkTraced struct {
	Link      string           `json:"link"`
	Officer   domain.OfficerID `json:"officer"`
	Post      domain.PostID    `json:"post,omitzero"`
	Unit      domain.UnitID    `json:"unit"`
	Step      string           `json:"step,omitzero"`
	Duty      string           `json:"duty"`
	Stage     Stage            `json:"stage"`
	Liability Liability        `json:"liability"`
	Intent    Intent           `json:"intent"`
	Weight    int              `json:"weight,omitzero"`
	Because   []string         `json:"because,omitempty"`
}

func (LinkTraced) Kind() domain.Kind { return "traceback.link_traced.v1" }

func (e LinkTraced) Apply(t *Traceback, act domain.Act) {
	t.tracedBy(act.Actor)
	if _, ok := t.link(e.Link); ok {
		return
	}
	t.Links = append(slices.Clip(t.Links), Link{
		Code: e.Link, Officer: e.Officer, Post: e.Post, Unit: e.Unit, Step: e.Step, Duty: e.Duty,
		Stage: e.Stage, Liability: e.Liability, Intent: e.Intent, Weight: e.Weight, Because: e.Because,
	})
}

// Trace adds one person's share in the fault.
type Trace struct {
	// Link is the link's code within the trace, such as "L1".
	Link    string           `json:"link"`
	Officer domain.OfficerID `json:"officer"`
	// Post and Unit are those the person acted from.
	Post domain.PostID `json:"post,omitzero"`
	Unit domain.UnitID `json:"unit"`
	// Step is the step of the procedure, where there is one.
	Step string `json:"step,omitzero"`
	// Duty says which duty was breached.
	Duty string `json:"duty"`
	// Stage is ex_ante, in_process or ex_post.
	Stage Stage `json:"stage"`
	// Liability is direct, leading or supervisory.
	Liability Liability `json:"liability"`
	// Intent is intent or negligence.
	Intent Intent `json:"intent"`
	// Weight is the share in the fault, 1 to 100; it may be left to Weigh.
	Weight int `json:"weight,omitzero"`
	// Because names the links it follows from. A leading or supervisory link
	// needs at least one.
	Because []string `json:"because,omitempty"`
}

func (Trace) Name() domain.CommandName { return "traceback.trace" }

func (Trace) By() []domain.Role { return []domain.Role{domain.RoleInspector} }

// maxLinks keeps the conclusion, which lists them, under the ledger's entry
// limit.
const maxLinks = 64

// Decide refuses a link to links that do not stand, which keeps the graph
// free of cycles, and a tracer of this trace as the one who is traced.
func (c Trace) Decide(t Traceback, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(t.in("traced further", StatusOpen), t.unconcerned(act, book), c.check()); err != nil {
		return nil, err
	}
	if _, ok := t.link(c.Link); ok {
		return nil, domain.Refuse(domain.CodeExists, "link", "there is a link %s in this trace already", c.Link)
	}
	if len(t.Links) >= maxLinks {
		return nil, domain.Refuse(domain.CodeInvalid, "link", "a trace has at most %d links", maxLinks)
	}
	if person := domain.ActorID(c.Officer); person == act.Actor || slices.Contains(t.Tracers, person) {
		return nil, domain.Refuse(domain.CodeConflict, "officer", "%s traces this fault; others must trace their share", c.Officer).Under(book.Traceback.Separation)
	}
	for _, code := range c.Because {
		if _, err := t.standing("because", code); err != nil {
			return nil, err
		}
	}
	if c.Liability != LiabilityDirect && len(c.Because) == 0 {
		return nil, domain.Refuse(domain.CodeIncomplete, "because", "a %s link follows from another; name it", c.Liability).Under(book.Traceback.Chain)
	}
	return []domain.Event{LinkTraced(c)}, nil
}

func (c Trace) check() error {
	if err := domain.First(domain.CheckID("link", c.Link), domain.CheckID("officer", c.Officer),
		domain.CheckOptionalID("post", c.Post), domain.CheckID("unit", c.Unit),
		domain.CheckOptionalText("step", c.Step), domain.CheckText("duty", c.Duty),
		domain.CheckOneOf("stage", c.Stage, StageExAnte, StageInProcess, StageExPost),
		domain.CheckOneOf("liability", c.Liability, LiabilityDirect, LiabilityLeading, LiabilitySupervisory),
		domain.CheckOneOf("intent", c.Intent, IntentIntent, IntentNegligence),
		domain.CheckIDs("because", c.Because)); err != nil {
		return err
	}
	if c.Weight != 0 {
		return checkWeight(c.Weight)
	}
	return nil
}

func checkWeight(w int) error {
	if w < 1 || w > 100 {
		return domain.Refuse(domain.CodeInvalid, "weight", "%d is out of range, 1 to 100", w)
	}
	return nil
}

// LinkWeighed: the share of one person was weighed, or weighed anew.
type LinkWeighed struct {
	Link    string           `json:"link"`
	Officer domain.OfficerID `json:"officer"`
	Weight  int              `json:"weight"`
	Reason  string           `json:"reason"`
}

func (LinkWeighed) Kind() domain.Kind { return "traceback.link_weighed.v1" }

func (e LinkWeighed) Apply(t *Traceback, act domain.Act) {
	t.tracedBy(act.Actor)
	t.change(e.Link, func(l *Link) { l.Weight = e.Weight })
}

// Weigh sets the share of one person in the fault.
type Weigh struct {
	Link string `json:"link"`
	// Weight is the share, 1 to 100.
	Weight int    `json:"weight"`
	Reason string `json:"reason"`
}

func (Weigh) Name() domain.CommandName { return "traceback.weigh" }

func (Weigh) By() []domain.Role { return []domain.Role{domain.RoleInspector} }

func (c Weigh) Decide(t Traceback, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(t.in("weighed", StatusOpen), t.unconcerned(act, book), checkWeight(c.Weight), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	l, err := t.standing("link", c.Link)
	if err != nil {
		return nil, err
	}
	return []domain.Event{LinkWeighed{c.Link, l.Officer, c.Weight, c.Reason}}, nil
}

// LinkCleared: the person's share fell away; the link stays in the record.
type LinkCleared struct {
	Link    string           `json:"link"`
	Officer domain.OfficerID `json:"officer"`
	Reason  string           `json:"reason"`
}

func (LinkCleared) Kind() domain.Kind { return "traceback.link_cleared.v1" }

func (e LinkCleared) Apply(t *Traceback, act domain.Act) {
	t.tracedBy(act.Actor)
	t.change(e.Link, func(l *Link) { l.Cleared = true })
}

// Clear takes a link out of the trace with a reason.
type Clear struct {
	Link   string `json:"link"`
	Reason string `json:"reason"`
}

func (Clear) Name() domain.CommandName { return "traceback.clear" }

func (Clear) By() []domain.Role { return []domain.Role{domain.RoleInspector} }

func (c Clear) Decide(t Traceback, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(t.in("cleared", StatusOpen), t.unconcerned(act, book), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	l, err := t.standing("link", c.Link)
	if err != nil {
		return nil, err
	}
	return []domain.Event{LinkCleared{c.Link, l.Officer, c.Reason}}, nil
}
