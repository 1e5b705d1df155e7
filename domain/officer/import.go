package officer

import "github.com/probity-ledger/probity/domain"

// Imported: a person known from records kept before this ledger, or
// elsewhere, with as much as those records say.
//
// Sex and Ethnicity are protected attributes: they are never a feature of
// any indicator, score or warning, and are kept for the fairness report
// alone.
type Imported struct {
	FullName    string        `json:"name,omitzero"`
	LatinName   string        `json:"latinName,omitzero"`
	StaffNumber string        `json:"staffNumber,omitzero"`
	Unit        domain.UnitID `json:"unit,omitzero"`
	Sex         string        `json:"sex,omitzero"`
	Ethnicity   string        `json:"ethnicity,omitzero"`
	BirthYear   int           `json:"birthYear,omitzero"`
	Rank        string        `json:"rank,omitzero"`
	EnrolledOn  domain.Date   `json:"enrolledOn,omitzero"`
	SeparatedOn domain.Date   `json:"separatedOn,omitzero"`
}

func (Imported) Kind() domain.Kind { return "officer.imported.v1" }

func (e Imported) Apply(o *Officer, act domain.Act) {
	o.Status, o.Name, o.Unit, o.Rank, o.EnrolledOn = StatusServing, e.FullName, e.Unit, e.Rank, e.EnrolledOn
	if !e.SeparatedOn.IsZero() {
		o.leave(e.SeparatedOn, "")
	}
}

// Import puts a person on file from old records. Their words and dates are
// kept as they stand: only what could not be stored is refused.
type Import struct {
	FullName    string        `json:"name,omitzero"`
	LatinName   string        `json:"latinName,omitzero"`
	StaffNumber string        `json:"staffNumber,omitzero"`
	Unit        domain.UnitID `json:"unit,omitzero"`
	// Sex and Ethnicity are protected attributes; see Imported.
	Sex       string `json:"sex,omitzero"`
	Ethnicity string `json:"ethnicity,omitzero"`
	// BirthYear is the year of the Common Era; 0 when unknown.
	BirthYear   int         `json:"birthYear,omitzero"`
	Rank        string      `json:"rank,omitzero"`
	EnrolledOn  domain.Date `json:"enrolledOn,omitzero"`
	SeparatedOn domain.Date `json:"separatedOn,omitzero"`
}

func (Import) Name() domain.CommandName { return "officer.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if o.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this officer is on file already")
	}
	if err := domain.First(domain.CheckOptionalText("name", c.FullName), domain.CheckOptionalText("latinName", c.LatinName),
		domain.CheckOptionalText("staffNumber", c.StaffNumber), domain.CheckOptionalID("unit", c.Unit), domain.CheckOptionalText("sex", c.Sex),
		domain.CheckOptionalText("ethnicity", c.Ethnicity), domain.CheckOptionalText("rank", c.Rank)); err != nil {
		return nil, err
	}
	if c.BirthYear < 0 || c.BirthYear > book.Calendar.Day(act.OccurredAt).Year {
		return nil, domain.Refuse(domain.CodeInvalid, "birthYear", "%d is no year of birth", c.BirthYear)
	}
	return []domain.Event{Imported(c)}, nil
}
