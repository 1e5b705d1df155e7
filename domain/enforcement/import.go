package enforcement

import "github.com/probity-ledger/probity/domain"

// Imported: an act decided before this ledger, or elsewhere.
type Imported struct {
	ActKind   Kind               `json:"kind"`
	Unit      domain.UnitID      `json:"unit,omitzero"`
	Officers  []domain.OfficerID `json:"officers,omitempty"`
	PartyKind PartyKind          `json:"partyKind,omitzero"`
	Party     string             `json:"party,omitzero"`
	DecidedOn domain.Date        `json:"decidedOn,omitzero"`
	// Outcome is the source's own word.
	Outcome string `json:"outcome"`
	Clause  string `json:"clause,omitzero"`
	// Amount in fen.
	Amount int64 `json:"amount,omitzero"`
}

func (Imported) Kind() domain.Kind { return "enforcement.imported.v1" }

func (e Imported) Apply(s *Enforcement, act domain.Act) {
	s.Status, s.ActKind, s.Unit, s.PartyKind, s.Party = StatusImported, e.ActKind, e.Unit, e.PartyKind, e.Party
	s.name(e.Officers)
}

// Import files an act of old. Its outcome is the source's own word.
type Import struct {
	// ActKind is approval, levy, penalty, inspection or trade.
	ActKind   Kind               `json:"kind"`
	Unit      domain.UnitID      `json:"unit,omitzero"`
	Officers  []domain.OfficerID `json:"officers,omitempty"`
	PartyKind PartyKind          `json:"partyKind,omitzero"`
	Party     string             `json:"party,omitzero"`
	DecidedOn domain.Date        `json:"decidedOn,omitzero"`
	Outcome   string             `json:"outcome"`
	Clause    string             `json:"clause,omitzero"`
	Amount    int64              `json:"amount,omitzero"`
}

func (Import) Name() domain.CommandName { return "enforcement.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this act is on file already")
	}
	if err := domain.First(
		domain.CheckOneOf("kind", c.ActKind, KindApproval, KindLevy, KindPenalty, KindInspection, KindTrade), domain.CheckOptionalID("unit", c.Unit),
		domain.CheckIDs("officers", c.Officers), domain.CheckOneOf("partyKind", c.PartyKind, "", PartyPerson, PartyOrganisation),
		domain.CheckText("outcome", c.Outcome), domain.CheckOptionalText("clause", c.Clause)); err != nil {
		return nil, err
	}
	if c.Party != "" {
		if err := domain.CheckDigest("party", c.Party); err != nil {
			return nil, err
		}
	}
	if today := book.Calendar.Day(act.RecordedAt); c.DecidedOn.After(today) {
		return nil, domain.Refuse(domain.CodeInvalid, "decidedOn", "%s lies after today, %s", c.DecidedOn, today)
	}
	return []domain.Event{Imported(c)}, nil
}
