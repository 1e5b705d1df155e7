package key

import "github.com/probity-ledger/probity/domain"

// Imported: a key that the register of an earlier system holds. It tells
// whose it was, for papers signed with it; it counts for no event here.
type Imported struct {
	Holder domain.ActorID `json:"holder"`
	// Number is what the earlier system called it, such as the serial number
	// of a certificate.
	Number string      `json:"number,omitzero"`
	From   domain.Date `json:"from,omitzero"`
	Until  domain.Date `json:"until,omitzero"`
}

func (Imported) Kind() domain.Kind { return "key.imported.v1" }

func (e Imported) Apply(k *Key, act domain.Act) { k.Elsewhere = e.Holder }

// Import files a key of an earlier system.
type Import struct {
	Holder domain.ActorID `json:"holder"`
	// Number is what the earlier system called it, such as the serial number
	// of a certificate.
	Number string      `json:"number,omitzero"`
	From   domain.Date `json:"from,omitzero"`
	Until  domain.Date `json:"until,omitzero"`
}

func (Import) Name() domain.CommandName { return "key.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

// Decide refuses a key of nobody, and one whose time ended before it began.
func (c Import) Decide(k Key, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(domain.CheckID("holder", c.Holder), domain.CheckOptionalText("number", c.Number)); err != nil {
		return nil, err
	}
	if !c.From.IsZero() && !c.Until.IsZero() && c.Until.Before(c.From) {
		return nil, domain.Refuse(domain.CodeInvalid, "until", "lies before the first day, %s", c.From)
	}
	return []domain.Event{Imported(c)}, nil
}
