package traceback

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/misconduct"
)

// Answer is one link that stands: who answers, how, and for how much.
type Answer struct {
	Link      string           `json:"link"`
	Officer   domain.OfficerID `json:"officer"`
	Post      domain.PostID    `json:"post,omitzero"`
	Unit      domain.UnitID    `json:"unit"`
	Liability Liability        `json:"liability"`
	Stage     Stage            `json:"stage"`
	Intent    Intent           `json:"intent"`
	Weight    int              `json:"weight,omitzero"`
}

// Concluded: it is settled who answers for the fault; nobody, where no link
// stands.
type Concluded struct {
	Links   []Answer `json:"links,omitempty"`
	Opinion string   `json:"opinion"`
}

func (Concluded) Kind() domain.Kind { return "traceback.concluded.v1" }

func (e Concluded) Apply(t *Traceback, act domain.Act) { t.Status = StatusConcluded }

// Conclude settles that the links not cleared stand.
type Conclude struct {
	Opinion string `json:"opinion"`
}

func (Conclude) Name() domain.CommandName { return "traceback.conclude" }

func (Conclude) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleInspector} }

// Decide refuses a tracer as the one who concludes, a trace without any link,
// and links that are not sound.
func (c Conclude) Decide(t Traceback, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(t.in("concluded", StatusOpen), t.unconcerned(act, book), domain.CheckText("opinion", c.Opinion)); err != nil {
		return nil, err
	}
	if slices.Contains(t.Tracers, act.Actor) {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s traced this fault; another person must conclude", act.Actor).Under(book.Traceback.Separation)
	}
	if len(t.Links) == 0 {
		return nil, domain.Refuse(domain.CodeIncomplete, "", "no link was traced yet; trace at least one, and clear it where nobody answers")
	}
	if err := t.sound(book); err != nil {
		return nil, err
	}
	var links []Answer
	for _, l := range t.stand() {
		links = append(links, Answer{l.Code, l.Officer, l.Post, l.Unit, l.Liability, l.Stage, l.Intent, l.Weight})
	}
	return []domain.Event{Concluded{links, c.Opinion}}, nil
}

// Handover is where a link is handed on to.
type Handover string

// Where a link is handed on to.
const (
	ToSanction       Handover = "sanction"       // 政务处分
	ToOrganisational Handover = "organisational" // 组织处理
)

// HandedOn: a measure is to follow from a link. Conduct is the duty that was
// breached, Case the one whose finding was traced, if any.
type HandedOn struct {
	Link    string           `json:"link"`
	Officer domain.OfficerID `json:"officer"`
	Case    domain.CaseID    `json:"case,omitzero"`
	To      Handover         `json:"to"`
	Measure domain.Measure   `json:"measure"`
	Conduct string           `json:"conduct"`
}

func (HandedOn) Kind() domain.Kind { return "traceback.handed_on.v1" }

func (e HandedOn) Apply(t *Traceback, act domain.Act) {
	t.change(e.Link, func(l *Link) { l.HandedOn = true })
}

// HandOn says which measure of the ladder is to follow from a link that
// stands.
type HandOn struct {
	Link string `json:"link"`
	// To is sanction for a formal measure of the ladder, organisational for
	// any other.
	To      Handover       `json:"to"`
	Measure domain.Measure `json:"measure"`
}

func (HandOn) Name() domain.CommandName { return "traceback.hand_on" }

func (HandOn) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleInspector} }

// Reads: the case, whose finding may ask for a measure against the same
// person.
func (c HandOn) Reads(t Traceback, act domain.Act) []domain.Reference {
	return []domain.Reference{t.Case}
}

// Decide refuses a measure where the traced finding asks for one against the
// same person already: one act is not sanctioned twice. A formal measure
// stands on an inquiry: on the one whose finding was traced, and where none
// is, as after a missed target, on the trace itself, made by as many tracers
// as the rulebook asks for investigators.
func (c HandOn) Decide(t Traceback, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	l, err := t.settle(c.Link, "handed on", act, book)
	if err := domain.First(err, domain.CheckOneOf("to", c.To, ToSanction, ToOrganisational)); err != nil {
		return nil, err
	}
	rung, _, ok := book.Sanction.Rung(c.Measure)
	if !ok {
		return nil, domain.Refuse(domain.CodeInvalid, "measure", "%q is not on the ladder of %s", c.Measure, book.ID)
	}
	if rung.Formal != (c.To == ToSanction) {
		return nil, domain.Refuse(domain.CodeInvalid, "to", "%s is no %s measure", c.Measure, c.To)
	}
	found := domain.See[misconduct.Case](act, t.Case).Confirmed
	if inquired := slices.ContainsFunc(found, func(f misconduct.Finding) bool { return f.Result.BearsOut() }); rung.Formal && !inquired && len(t.Tracers) < book.Inquiry.Investigators {
		return nil, domain.Refuse(domain.CodeRule, "to", "%s is a formal measure, and no inquiry stands behind this trace: it takes %d who traced it, and %d did; open a case, or hand on to an organisational measure", c.Measure, book.Inquiry.Investigators, len(t.Tracers)).
			Under(book.Inquiry.InvestigatorsSource)
	}
	for _, f := range found {
		if f.Officer == l.Officer && f.Measure != "" && f.Result.BearsOut() {
			return nil, domain.Refuse(domain.CodeRule, "link", "the finding of case %s asks for %s against %s already; excuse the link instead", t.Case, f.Measure, l.Officer).
				Under(book.Traceback.OneMeasure)
		}
	}
	return []domain.Event{HandedOn{c.Link, l.Officer, t.Case, c.To, c.Measure, l.Duty}}, nil
}

// settle returns the link that a measure may follow from or not, or refuses.
func (t Traceback) settle(code, verb string, act domain.Act, book *domain.Rulebook) (Link, error) {
	if err := domain.First(t.in(verb, StatusConcluded), t.unconcerned(act, book)); err != nil {
		return Link{}, err
	}
	l, err := t.standing("link", code)
	if err != nil {
		return l, err
	}
	if l.settled() {
		return l, domain.Refuse(domain.CodeState, "link", "link %s was handed on or excused already", code)
	}
	return l, nil
}

// LinkExcused: no measure follows from a link that stands.
type LinkExcused struct {
	Link    string           `json:"link"`
	Officer domain.OfficerID `json:"officer"`
	Reason  string           `json:"reason"`
}

func (LinkExcused) Kind() domain.Kind { return "traceback.link_excused.v1" }

func (e LinkExcused) Apply(t *Traceback, act domain.Act) {
	t.change(e.Link, func(l *Link) { l.Excused = true })
}

// Excuse says why no measure follows from a link that stands: it is slight,
// or the person bears one for the same act.
type Excuse struct {
	Link   string `json:"link"`
	Reason string `json:"reason"`
}

func (Excuse) Name() domain.CommandName { return "traceback.excuse" }

func (Excuse) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleInspector} }

func (c Excuse) Decide(t Traceback, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	l, err := t.settle(c.Link, "excused", act, book)
	if err := domain.First(err, domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return []domain.Event{LinkExcused{c.Link, l.Officer, c.Reason}}, nil
}

// Closed: everything that follows from the trace was set going.
type Closed struct{}

func (Closed) Kind() domain.Kind { return "traceback.closed.v1" }

func (e Closed) Apply(t *Traceback, act domain.Act) { t.Status = StatusClosed }

// Close ends a trace whose links were all handed on or excused.
type Close struct{}

func (Close) Name() domain.CommandName { return "traceback.close" }

func (Close) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleInspector} }

func (c Close) Decide(t Traceback, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(t.in("closed", StatusConcluded), t.unconcerned(act, book)); err != nil {
		return nil, err
	}
	for _, l := range t.Links {
		if !l.settled() {
			return nil, domain.Refuse(domain.CodeIncomplete, "link", "link %s was neither handed on nor excused", l.Code)
		}
	}
	return []domain.Event{Closed{}}, nil
}
