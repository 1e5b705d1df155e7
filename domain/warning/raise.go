package warning

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Raised: a rule found something worth looking at.
type Raised struct {
	Rule        string           `json:"rule"`
	Version     string           `json:"version"`
	Unit        domain.UnitID    `json:"unit,omitzero"`
	Post        domain.PostID    `json:"post,omitzero"`
	Officer     domain.OfficerID `json:"officer,omitzero"`
	Evidence    []domain.EventID `json:"evidence,omitempty"`
	Score       int              `json:"score"`
	Exposure    int              `json:"exposure,omitzero"`
	Baseline    string           `json:"baseline,omitzero"`
	Peers       string           `json:"peers,omitzero"`
	Explanation string           `json:"explanation"`
	// The same three in Chinese.
	BaselineChinese    string      `json:"baselineChinese,omitzero"`
	PeersChinese       string      `json:"peersChinese,omitzero"`
	ExplanationChinese string      `json:"explanationChinese,omitzero"`
	Due                domain.Date `json:"due,omitzero"`
}

func (Raised) Kind() domain.Kind { return "warning.raised.v2" }

func (e Raised) Apply(w *Warning, act domain.Act) {
	w.Status, w.Rule, w.Version, w.Unit, w.Post, w.Officer = StatusRaised, e.Rule, e.Version, e.Unit, e.Post, e.Officer
	w.Evidence, w.Score, w.Times, w.Due = slices.Clip(e.Evidence), e.Score, 1, e.Due
	w.Explanation, w.ExplanationChinese = e.Explanation, e.ExplanationChinese
}

// Grouped: the rule found it again while it was open. Evidence is what is new.
type Grouped struct {
	Officer     domain.OfficerID `json:"officer,omitzero"`
	Version     string           `json:"version"`
	Evidence    []domain.EventID `json:"evidence,omitempty"`
	Score       int              `json:"score"`
	Exposure    int              `json:"exposure,omitzero"`
	Explanation string           `json:"explanation"`
	// ExplanationChinese is the same in Chinese.
	ExplanationChinese string `json:"explanationChinese,omitzero"`
}

func (Grouped) Kind() domain.Kind { return "warning.grouped.v2" }

func (e Grouped) Apply(w *Warning, act domain.Act) {
	if w.Status == StatusReviewed {
		w.Status = StatusAcknowledged
	}
	w.Evidence = append(slices.Clip(w.Evidence), e.Evidence...)
	w.Score, w.Times = max(w.Score, e.Score), w.Times+1
	w.Explanation, w.ExplanationChinese = e.Explanation, e.ExplanationChinese
}

// Raise says that a rule, or an inspector by hand, found something. Given to
// a warning that is open, it is grouped with it: the review must look again.
type Raise struct {
	// Rule is the rule's code, Version the form of it that was applied.
	Rule    string `json:"rule"`
	Version string `json:"version"`
	// Unit, Post, Officer: whom it is about; at least one of them.
	Unit    domain.UnitID    `json:"unit,omitzero"`
	Post    domain.PostID    `json:"post,omitzero"`
	Officer domain.OfficerID `json:"officer,omitzero"`
	// Evidence names the recorded events it rests on.
	Evidence []domain.EventID `json:"evidence,omitempty"`
	// Score is on the rule's own scale, never negative; more is graver.
	Score int `json:"score"`
	// Exposure is over how many acts, cases or days it was counted.
	Exposure int `json:"exposure,omitzero"`
	// Baseline says what was to be expected, Peers who was compared.
	Baseline string `json:"baseline,omitzero"`
	Peers    string `json:"peers,omitzero"`
	// Explanation says in plain words what was found and why it stands out.
	Explanation string `json:"explanation"`
	// BaselineChinese, PeersChinese and ExplanationChinese say the same in
	// Chinese.
	BaselineChinese    string `json:"baselineChinese,omitzero"`
	PeersChinese       string `json:"peersChinese,omitzero"`
	ExplanationChinese string `json:"explanationChinese,omitzero"`
}

func (Raise) Name() domain.CommandName { return "warning.raise" }

func (Raise) By() []domain.Role { return []domain.Role{domain.RoleSystem, domain.RoleInspector} }

// maxEvidence keeps the event under the ledger's entry limit.
const maxEvidence = 512

// Decide raises, or groups with what is open. It refuses a repeat that brings
// no new evidence and no higher score, and a warning that is settled.
func (c Raise) Decide(w Warning, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	switch {
	case w.Status == StatusNone:
	case !w.Open():
		return nil, domain.Refuse(domain.CodeState, "subject", "this warning is %s; raise a new one under another id", w.Status)
	default:
		return c.group(w, act, book)
	}
	if c.Officer != "" && domain.ActorID(c.Officer) == act.Actor {
		return nil, domain.Refuse(domain.CodeConflict, "officer", "nobody raises a warning about themselves").Under(book.Warning.Separation)
	}
	e := Raised{c.Rule, c.Version, c.Unit, c.Post, c.Officer, c.Evidence, c.Score, c.Exposure, c.Baseline, c.Peers, c.Explanation,
		c.BaselineChinese, c.PeersChinese, c.ExplanationChinese, domain.Date{}}
	if !book.Warning.Acknowledge.IsZero() {
		e.Due = book.Warning.Acknowledge.After(book.Calendar.Day(act.OccurredAt), book.Calendar)
	}
	return []domain.Event{e}, nil
}

func (c Raise) group(w Warning, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := w.unconcerned(act, book); err != nil {
		return nil, err
	}
	if !w.about(c) {
		return nil, domain.Refuse(domain.CodeExists, "subject", "an open warning of rule %s about another subject has this id", w.Rule)
	}
	var fresh []domain.EventID
	for _, id := range c.Evidence {
		if !slices.Contains(w.Evidence, id) {
			fresh = append(fresh, id)
		}
	}
	if len(fresh) == 0 && c.Score <= w.Score {
		return nil, domain.Refuse(domain.CodeExists, "evidence", "the open warning rests on the same events already")
	}
	return []domain.Event{Grouped{w.Officer, c.Version, fresh, c.Score, c.Exposure, c.Explanation, c.ExplanationChinese}}, nil
}

func (c Raise) check() error {
	if err := domain.First(domain.CheckID("rule", c.Rule), domain.CheckID("version", c.Version),
		domain.CheckOptionalID("unit", c.Unit), domain.CheckOptionalID("post", c.Post), domain.CheckOptionalID("officer", c.Officer),
		domain.CheckIDs("evidence", c.Evidence), domain.CheckOptionalText("baseline", c.Baseline), domain.CheckOptionalText("peers", c.Peers),
		domain.CheckText("explanation", c.Explanation), domain.CheckOptionalText("baselineChinese", c.BaselineChinese),
		domain.CheckOptionalText("peersChinese", c.PeersChinese), domain.CheckOptionalText("explanationChinese", c.ExplanationChinese)); err != nil {
		return err
	}
	switch {
	case c.Unit == "" && c.Post == "" && c.Officer == "":
		return domain.Refuse(domain.CodeInvalid, "unit", "say whom it is about: a unit, a post or an officer")
	case len(c.Evidence) > maxEvidence:
		return domain.Refuse(domain.CodeInvalid, "evidence", "%d events, at most %d can be named", len(c.Evidence), maxEvidence)
	case c.Score < 0:
		return domain.Refuse(domain.CodeInvalid, "score", "is negative")
	case c.Exposure < 0:
		return domain.Refuse(domain.CodeInvalid, "exposure", "is negative")
	}
	return nil
}
