package norm

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Outcome is what a review of the text came to.
type Outcome string

// The outcomes of a review.
const (
	OutcomeKeep   Outcome = "keep"   // 继续有效
	OutcomeRevise Outcome = "revise" // 需要修订
	OutcomeRepeal Outcome = "repeal" // 应予废止
)

// Reviewed: someone looked whether the text still serves 制度评估. The next
// review is due by the day NextBy.
type Reviewed struct {
	Outcome Outcome     `json:"outcome"`
	Opinion string      `json:"opinion"`
	NextBy  domain.Date `json:"nextBy"`
	// DaysLate counts the days past the term for this review.
	DaysLate int `json:"daysLate,omitzero"`
}

func (Reviewed) Kind() domain.Kind { return "norm.reviewed.v1" }

func (e Reviewed) Apply(n *Norm, act domain.Act) { n.ReviewBy = e.NextBy }

// Review files a review of an adopted text. It changes nothing: a revision or
// a repeal is an act of its own.
type Review struct {
	// Outcome is keep, revise or repeal.
	Outcome Outcome `json:"outcome"`
	Opinion string  `json:"opinion"`
	// NextBy is when the next is due; the rulebook's term from the day of the
	// act when absent, and never later.
	NextBy domain.Date `json:"nextBy,omitzero"`
}

func (Review) Name() domain.CommandName { return "norm.review" }

func (Review) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader}
}

func (c Review) Decide(n Norm, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(n.in("reviewed", StatusAdopted), domain.CheckOneOf("outcome", c.Outcome, OutcomeKeep, OutcomeRevise, OutcomeRepeal),
		domain.CheckText("opinion", c.Opinion)); err != nil {
		return nil, err
	}
	today := book.Calendar.Day(act.OccurredAt)
	longest := book.Norm.Review.After(today, book.Calendar)
	switch {
	case c.NextBy.IsZero():
		c.NextBy = longest
	case !c.NextBy.After(today):
		return nil, domain.Refuse(domain.CodeInvalid, "nextBy", "%s is not to come; the next review lies ahead", c.NextBy)
	case c.NextBy.After(longest):
		return nil, domain.Refuse(domain.CodeRule, "nextBy", "the next review is due by %s at the latest", longest).Under(book.Norm.Review.Source)
	}
	return []domain.Event{Reviewed{c.Outcome, c.Opinion, c.NextBy, today.DaysPast(n.ReviewBy)}}, nil
}

// GapFound: the text lets something happen that it should prevent 制度漏洞.
// It is to be closed by the day CloseBy.
type GapFound struct {
	Gap  string `json:"gap"`
	Text string `json:"text"`
	// Clause is the one that falls short, if it is one.
	Clause string `json:"clause,omitzero"`
	// Case is the misconduct case, Enforcement the administrative act, that
	// brought it to light.
	Case        domain.CaseID        `json:"case,omitzero"`
	Enforcement domain.EnforcementID `json:"enforcement,omitzero"`
	// Version is the last adopted when it was found.
	Version int         `json:"version"`
	CloseBy domain.Date `json:"closeBy,omitzero"`
}

func (GapFound) Kind() domain.Kind { return "norm.gap_found.v1" }

func (e GapFound) Apply(n *Norm, act domain.Act) {
	if n.gap(e.Gap) < 0 {
		n.Gaps = append(slices.Clip(n.Gaps), Gap{Code: e.Gap, Version: e.Version, CloseBy: e.CloseBy})
	}
}

// FindGap files a gap of an adopted text.
type FindGap struct {
	// Gap is its code, unique in the text.
	Gap  string `json:"gap"`
	Text string `json:"text"`
	// Clause is one of the version adopted last, if the gap lies in one.
	Clause      string               `json:"clause,omitzero"`
	Case        domain.CaseID        `json:"case,omitzero"`
	Enforcement domain.EnforcementID `json:"enforcement,omitzero"`
}

func (FindGap) Name() domain.CommandName { return "norm.find_gap" }

func (FindGap) By() []domain.Role {
	return []domain.Role{domain.RoleSystem, domain.RoleInspector, domain.RoleHR, domain.RoleLeader, domain.RoleOfficer}
}

// Outward: a norm of the bodies above has its gaps found below.
func (FindGap) Outward() []string { return []string{"subject"} }

func (c FindGap) Decide(n Norm, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(n.in("found wanting", StatusAdopted), domain.CheckID("gap", c.Gap), domain.CheckText("text", c.Text),
		domain.CheckOptionalID("case", c.Case), domain.CheckOptionalID("enforcement", c.Enforcement)); err != nil {
		return nil, err
	}
	if n.gap(c.Gap) >= 0 {
		return nil, domain.Refuse(domain.CodeExists, "gap", "gap %q was found already", c.Gap)
	}
	last, _ := n.Adopted(n.latest())
	if _, ok := last.Clause(c.Clause); c.Clause != "" && !ok {
		return nil, domain.Refuse(domain.CodeInvalid, "clause", "version %d has no clause %q", last.Number, c.Clause)
	}
	by := book.Norm.CloseGap.After(book.Calendar.Day(act.OccurredAt), book.Calendar)
	return []domain.Event{GapFound{c.Gap, c.Text, c.Clause, c.Case, c.Enforcement, last.Number, by}}, nil
}

// GapClosed: the version closes the gap.
type GapClosed struct {
	Gap     string `json:"gap"`
	Version int    `json:"version"`
	// DaysLate counts the days past the term for closing it.
	DaysLate int `json:"daysLate,omitzero"`
}

func (GapClosed) Kind() domain.Kind { return "norm.gap_closed.v1" }

func (e GapClosed) Apply(n *Norm, act domain.Act) {
	if i := n.gap(e.Gap); i >= 0 {
		n.Gaps = slices.Clone(n.Gaps)
		n.Gaps[i].Closed = true
	}
}

// CloseGap says which version closes a gap: one adopted after it was found.
type CloseGap struct {
	Gap string `json:"gap"`
	// Version is the one adopted last when absent.
	Version int `json:"version,omitzero"`
}

func (CloseGap) Name() domain.CommandName { return "norm.close_gap" }

func (CloseGap) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleHR, domain.RoleLeader}
}

func (c CloseGap) Decide(n Norm, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := n.in("mended", StatusAdopted); err != nil {
		return nil, err
	}
	i := n.gap(c.Gap)
	if i < 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "gap", "no gap %q was found", c.Gap)
	}
	if n.Gaps[i].Closed {
		return nil, domain.Refuse(domain.CodeState, "gap", "gap %q is closed already", c.Gap)
	}
	if c.Version == 0 {
		c.Version = n.latest()
	}
	if _, ok := n.Adopted(c.Version); !ok {
		return nil, domain.Refuse(domain.CodeInvalid, "version", "version %d was not adopted", c.Version)
	}
	if c.Version <= n.Gaps[i].Version {
		return nil, domain.Refuse(domain.CodeIncomplete, "version", "the gap was found in version %d; adopt a new version that closes it", n.Gaps[i].Version).Under(book.Norm.CloseGap.Source)
	}
	return []domain.Event{GapClosed{c.Gap, c.Version, book.Calendar.Day(act.OccurredAt).DaysPast(n.Gaps[i].CloseBy)}}, nil
}

// Acknowledged: the officer knows the version 知晓确认.
type Acknowledged struct {
	Officer domain.OfficerID `json:"officer"`
	Version int              `json:"version"`
	// DaysLate counts the days past the term, from the first day in force.
	DaysLate int `json:"daysLate,omitzero"`
}

func (Acknowledged) Kind() domain.Kind { return "norm.acknowledged.v1" }

func (e Acknowledged) Apply(n *Norm, act domain.Act) {
	if n.Acknowledged == nil {
		n.Acknowledged = map[domain.OfficerID]int{}
	}
	n.Acknowledged[e.Officer] = max(n.Acknowledged[e.Officer], e.Version)
}

// Acknowledge says that an officer knows the text. Officers speak for
// themselves; HR files what they signed on paper.
type Acknowledge struct {
	// Officer is whoever acts, when absent.
	Officer domain.OfficerID `json:"officer,omitzero"`
	// Version is the one adopted last when absent.
	Version int `json:"version,omitzero"`
}

func (Acknowledge) Name() domain.CommandName { return "norm.acknowledge" }

func (Acknowledge) By() []domain.Role { return []domain.Role{domain.RoleOfficer, domain.RoleHR} }

// Outward: a norm of the bodies above is acknowledged below.
func (Acknowledge) Outward() []string { return []string{"subject"} }

func (c Acknowledge) Decide(n Norm, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := n.in("acknowledged", StatusAdopted); err != nil {
		return nil, err
	}
	if c.Officer == "" {
		c.Officer = domain.OfficerID(act.Actor)
	}
	if act.Role == domain.RoleOfficer && act.Actor != domain.ActorID(c.Officer) {
		return nil, domain.Refuse(domain.CodeForbidden, "officer", "an officer acknowledges for themselves only")
	}
	if c.Version == 0 {
		c.Version = n.latest()
	}
	version, ok := n.Adopted(c.Version)
	if !ok {
		return nil, domain.Refuse(domain.CodeInvalid, "version", "version %d was not adopted", c.Version)
	}
	if err := domain.CheckID("officer", c.Officer); err != nil {
		return nil, err
	}
	if n.Acknowledged[c.Officer] >= c.Version {
		return nil, domain.Refuse(domain.CodeExists, "version", "%s acknowledged version %d already", c.Officer, n.Acknowledged[c.Officer])
	}
	last := book.Norm.Acknowledge.After(version.From, book.Calendar)
	return []domain.Event{Acknowledged{c.Officer, c.Version, book.Calendar.Day(act.OccurredAt).DaysPast(last)}}, nil
}
