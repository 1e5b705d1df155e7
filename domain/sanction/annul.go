package sanction

import "github.com/probity-ledger/probity/domain"

// Annul takes the measure back because the findings it rests on no longer
// stand: a proposal is withdrawn, an imposed or released sanction overturned.
// It follows from an appeal in the case (公职人员政务处分法 art. 55–57).
type Annul struct {
	Ground string `json:"ground"`
}

func (Annul) Name() domain.CommandName { return "sanction.annul" }

func (Annul) By() []domain.Role { return []domain.Role{domain.RoleSystem} }

// Decide refuses where nothing is left to take back.
func (c Annul) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("annulled", StatusProposed, StatusNotified, StatusHeard, StatusApproved, StatusImposed, StatusReleased),
		domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	if s.Status == StatusImposed || s.Status == StatusReleased {
		return []domain.Event{Overturned{s.Officer, c.Ground, s.Restricted, s.CertificateSuspended}}, nil
	}
	return []domain.Event{Withdrawn{s.Officer, c.Ground}}, nil
}
