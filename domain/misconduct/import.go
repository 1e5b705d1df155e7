package misconduct

import "github.com/probity-ledger/probity/domain"

// Discipline is what followed from an imported finding, in the common words
// of such sources.
type Discipline string

// The disciplines.
const (
	DisciplineNone          Discipline = "none"
	DisciplinePending       Discipline = "pending"
	DisciplineTraining      Discipline = "training_counselling"
	DisciplineGuilty        Discipline = "guilty" // of a disciplinary board
	DisciplineNotGuilty     Discipline = "not_guilty"
	DisciplineNotApplicable Discipline = "not_applicable"
	DisciplineOther         Discipline = "other"
)

// Imported: the header of a case decided before this ledger, or elsewhere.
type Imported struct {
	Complaint domain.ComplaintID `json:"complaint,omitzero"`
	Unit      domain.UnitID      `json:"unit,omitzero"`
	OpenedOn  domain.Date        `json:"openedOn,omitzero"`
}

func (Imported) Kind() domain.Kind { return "misconduct.imported.v1" }

func (e Imported) Apply(c *Case, act domain.Act) { c.Status, c.Header = StatusImported, true }

// Import files the header of a case of old, before or after its findings. A
// source without headers needs none.
type Import struct {
	Complaint domain.ComplaintID `json:"complaint,omitzero"`
	Unit      domain.UnitID      `json:"unit,omitzero"`
	OpenedOn  domain.Date        `json:"openedOn,omitzero"`
}

func (Import) Name() domain.CommandName { return "misconduct.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.Header {
		return nil, domain.Refuse(domain.CodeExists, "subject", "the header of this case is on file already")
	}
	if err := domain.First(s.foreign(), domain.CheckOptionalID("complaint", c.Complaint), domain.CheckOptionalID("unit", c.Unit),
		notFuture("openedOn", c.OpenedOn, act, book)); err != nil {
		return nil, err
	}
	return []domain.Event{Imported(c)}, nil
}

// FindingImported: what was found of old on one allegation against an
// officer; without an officer, against an unidentified one, of the unit if
// it is named. A case holds any number of them, also identical ones: two
// allegations of the same kind are two allegations.
type FindingImported struct {
	Complaint  domain.ComplaintID `json:"complaint,omitzero"`
	Officer    domain.OfficerID   `json:"officer,omitzero"`
	Unit       domain.UnitID      `json:"unit,omitzero"`
	Category   string             `json:"category"`
	Result     Result             `json:"result"`
	Discipline Discipline         `json:"discipline,omitzero"`
	FoundOn    domain.Date        `json:"foundOn,omitzero"`
	Note       string             `json:"note,omitzero"`
}

func (FindingImported) Kind() domain.Kind { return "misconduct.finding_imported.v1" }

func (e FindingImported) Apply(c *Case, act domain.Act) {
	c.Status = StatusImported
	if e.Officer != "" && e.Result.BearsOut() {
		c.BorneOutOfOld = add(c.BorneOutOfOld, e.Officer)
	}
}

// ImportFinding files one finding of old.
type ImportFinding struct {
	Complaint domain.ComplaintID `json:"complaint,omitzero"`
	// Officer is empty where the source names none.
	Officer domain.OfficerID `json:"officer,omitzero"`
	Unit    domain.UnitID    `json:"unit,omitzero"`
	// Category is the source's own word for the allegation.
	Category string `json:"category"`
	// Result is sustained, partly_sustained, not_sustained, exonerated,
	// unfounded, pending or not_applicable.
	Result Result `json:"result"`
	// Discipline is none, pending, training_counselling, guilty, not_guilty,
	// not_applicable or other; empty where the source says nothing.
	Discipline Discipline  `json:"discipline,omitzero"`
	FoundOn    domain.Date `json:"foundOn,omitzero"`
	Note       string      `json:"note,omitzero"`
}

func (ImportFinding) Name() domain.CommandName { return "misconduct.import_finding" }

func (ImportFinding) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c ImportFinding) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.foreign(), domain.CheckOptionalID("complaint", c.Complaint), domain.CheckOptionalID("officer", c.Officer),
		domain.CheckOptionalID("unit", c.Unit), domain.CheckText("category", c.Category),
		domain.CheckOneOf("result", c.Result, ResultSustained, ResultPartlySustained, ResultNotSustained, ResultExonerated, ResultUnfounded,
			ResultPending, ResultNotApplicable),
		domain.CheckOneOf("discipline", c.Discipline, "", DisciplineNone, DisciplinePending, DisciplineTraining, DisciplineGuilty,
			DisciplineNotGuilty, DisciplineNotApplicable, DisciplineOther),
		notFuture("foundOn", c.FoundOn, act, book), domain.CheckOptionalText("note", c.Note)); err != nil {
		return nil, err
	}
	return []domain.Event{FindingImported(c)}, nil
}

// foreign refuses to file history in a case that was opened here.
func (c Case) foreign() error {
	if c.Status != StatusNone && c.Status != StatusImported {
		return domain.Refuse(domain.CodeExists, "subject", "a case opened here has this id; file the history under an id of its own")
	}
	return nil
}

// notFuture refuses a day after today; none is fine.
func notFuture(field string, d domain.Date, act domain.Act, book *domain.Rulebook) error {
	if today := book.Calendar.Day(act.RecordedAt); d.After(today) {
		return domain.Refuse(domain.CodeInvalid, field, "%s lies after today, %s", d, today)
	}
	return nil
}
