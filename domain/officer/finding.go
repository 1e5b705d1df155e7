package officer

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// FoundAgainst is how many findings of a case stand against the officer, and
// since when.
type FoundAgainst struct {
	Case      domain.CaseID
	On        domain.Date
	Sustained int
}

// FoundBefore counts the findings of other cases made before the day of new
// conduct that still count on it: the lookback runs from the day of the
// finding. Zero lookback counts for ever. Whoever is found against for what
// they did before an earlier finding does not repeat anything.
func (o Officer) FoundBefore(deed domain.Date, except domain.CaseID, lookback domain.Term, cal domain.Calendar) int {
	n := 0
	for _, f := range o.Found {
		if f.Case != except && f.On.Before(deed) && (lookback.IsZero() || !deed.After(lookback.After(f.On, cal))) {
			n += f.Sustained
		}
	}
	return n
}

// FindingsNoted: so many findings of the case stand against the officer, made
// on that day; none after an appeal cleared them.
type FindingsNoted struct {
	Case      domain.CaseID `json:"case"`
	On        domain.Date   `json:"on"`
	Sustained int           `json:"sustained"`
}

func (FindingsNoted) Kind() domain.Kind { return "officer.findings_noted.v1" }

func (e FindingsNoted) Apply(o *Officer, act domain.Act) {
	o.Found = slices.DeleteFunc(slices.Clone(o.Found), func(f FoundAgainst) bool { return f.Case == e.Case })
	if e.Sustained > 0 {
		o.Found = append(o.Found, FoundAgainst(e))
	}
	o.follow(e.Case, act)
}

// NoteFindings brings the findings of a case to the file, where a discipline
// matrix counts them. Reactions give it for cases of this ledger; an
// inspector gives it for a case of old that counts, and changes no other.
type NoteFindings struct {
	Case domain.CaseID `json:"case"`
	// On is the day of the finding; absent, the one noted before, or the day
	// of the act.
	On domain.Date `json:"on,omitzero"`
	// Sustained is how many allegations stand, wholly or in part.
	Sustained int `json:"sustained"`
}

func (NoteFindings) Name() domain.CommandName { return "officer.note_findings" }

func (NoteFindings) By() []domain.Role {
	return []domain.Role{domain.RoleSystem, domain.RoleInspector}
}

func (c NoteFindings) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.known(), byAnother(act, book), domain.CheckID("case", c.Case)); err != nil {
		return nil, err
	}
	if err := o.notFollowed(c.Case, act, book); err != nil {
		return nil, err
	}
	if c.Sustained < 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "sustained", "is negative")
	}
	noted := FoundAgainst{}
	if i := slices.IndexFunc(o.Found, func(f FoundAgainst) bool { return f.Case == c.Case }); i >= 0 {
		noted = o.Found[i]
	}
	if c.On.IsZero() {
		c.On = noted.On
	}
	on, err := effective(c.On, domain.Date{}, act, book)
	if err != nil {
		return nil, err
	}
	c.On = on
	if noted.Case == "" && c.Sustained == 0 {
		return nil, domain.Refuse(domain.CodeState, "sustained", "no finding of case %s stands on this file", c.Case)
	}
	return []domain.Event{FindingsNoted(c)}, nil
}
