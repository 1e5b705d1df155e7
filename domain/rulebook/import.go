package rulebook

import "github.com/probity-ledger/probity/domain"

// Imported: a version that was in force before this ledger, or elsewhere.
type Imported struct {
	Version   string      `json:"version"`
	Digest    string      `json:"digest,omitzero"`
	ValidFrom domain.Date `json:"validFrom"`
	ValidTo   domain.Date `json:"validTo"`
}

func (Imported) Kind() domain.Kind { return "rulebook.imported.v1" }

func (e Imported) Apply(r *Rulebook, act domain.Act) {
	r.put(Version{e.Version, e.Digest, e.ValidFrom, e.ValidTo})
}

// Import files a version of old, with the days it was in force.
type Import struct {
	Version string `json:"version"`
	// Digest of its file, where there is one.
	Digest string `json:"digest,omitzero"`
	// ValidFrom and ValidTo are both required: what is history has ended.
	ValidFrom domain.Date `json:"validFrom"`
	ValidTo   domain.Date `json:"validTo"`
}

func (Import) Name() domain.CommandName { return "rulebook.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(r Rulebook, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if c.ValidTo.IsZero() {
		return nil, domain.Refuse(domain.CodeInvalid, "validTo", "is required: what is history has ended")
	}
	if err := domain.First(domain.CheckID("version", c.Version), r.fresh(c.Version, c.Digest), r.free(c.ValidFrom, c.ValidTo)); err != nil {
		return nil, err
	}
	if c.Digest != "" {
		if err := domain.CheckDigest("digest", c.Digest); err != nil {
			return nil, err
		}
	}
	return []domain.Event{Imported(c)}, nil
}
