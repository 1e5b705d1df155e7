package officer

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// MostHours is the longest training one event may report, in hours; more is
// a slip of the pen.
const MostHours = 400

// TrainingCompleted: the officer completed a course.
type TrainingCompleted struct {
	Course string      `json:"course"`
	Hours  int         `json:"hours"`
	On     domain.Date `json:"on"`
}

func (TrainingCompleted) Kind() domain.Kind { return "officer.training_completed.v1" }

func (e TrainingCompleted) Apply(o *Officer, act domain.Act) {
	if o.Training == nil {
		o.Training = map[int]int{}
	}
	o.Training[e.On.Year] += e.Hours
}

// CompleteTraining files a completed course. Officers may file their own.
type CompleteTraining struct {
	Course string `json:"course"`
	// Hours is its length, 1 to MostHours.
	Hours int `json:"hours"`
	// On is the last day of the course; the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
}

func (CompleteTraining) Name() domain.CommandName { return "officer.complete_training" }

func (CompleteTraining) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleOfficer} }

func (c CompleteTraining) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	// Pre-post training may come before the first day of service.
	on, err := effective(c.On, domain.Date{}, act, book)
	if err := domain.First(o.serving(), ownIfOfficer(act), domain.CheckText("course", c.Course), err); err != nil {
		return nil, err
	}
	if c.Hours < 1 || c.Hours > MostHours {
		return nil, domain.Refuse(domain.CodeInvalid, "hours", "%d hours; a course has 1 to %d", c.Hours, MostHours)
	}
	c.On = on
	return []domain.Event{TrainingCompleted(c)}, nil
}

// Appraised: the officer's work of a year was graded 考核.
type Appraised struct {
	Year  int    `json:"year"`
	Grade string `json:"grade"`
}

func (Appraised) Kind() domain.Kind { return "officer.appraised.v1" }

func (e Appraised) Apply(o *Officer, act domain.Act) { o.grade(e.Year, e.Grade) }

func (o *Officer) grade(year int, grade string) {
	if o.Grades == nil {
		o.Grades = map[int]string{}
	}
	o.Grades[year] = grade
}

// Appraise grades the officer's work of a year, once.
type Appraise struct {
	Year int `json:"year"`
	// Grade is one of the rulebook's.
	Grade string `json:"grade"`
}

func (Appraise) Name() domain.CommandName { return "officer.appraise" }

func (Appraise) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c Appraise) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.serving(), byAnother(act, book), isGrade(c.Grade, book)); err != nil {
		return nil, err
	}
	if c.Year < o.EnrolledOn.Year || c.Year > book.Calendar.Day(act.OccurredAt).Year {
		return nil, domain.Refuse(domain.CodeInvalid, "year", "%d is no year of service up to now", c.Year)
	}
	if o.Grades[c.Year] != "" {
		return nil, domain.Refuse(domain.CodeExists, "year", "%d was graded %s; correct the appraisal instead", c.Year, o.Grades[c.Year])
	}
	return []domain.Event{Appraised(c)}, nil
}

// isGrade refuses a grade that the rulebook does not have.
func isGrade(grade string, book *domain.Rulebook) error {
	if !slices.Contains(book.Service.Grades, grade) {
		return domain.Refuse(domain.CodeInvalid, "grade", "%q is no grade of %s; it has %v", grade, book.ID, book.Service.Grades)
	}
	return nil
}

// AppraisalCorrected: the grade of a year was replaced.
type AppraisalCorrected struct {
	Year   int    `json:"year"`
	Grade  string `json:"grade"`
	Reason string `json:"reason"`
}

func (AppraisalCorrected) Kind() domain.Kind { return "officer.appraisal_corrected.v1" }

func (e AppraisalCorrected) Apply(o *Officer, act domain.Act) { o.grade(e.Year, e.Grade) }

// CorrectAppraisal replaces the grade of a year that was graded wrongly. It
// may come after the officer has left.
type CorrectAppraisal struct {
	Year int `json:"year"`
	// Grade is another of the rulebook's.
	Grade  string `json:"grade"`
	Reason string `json:"reason"`
}

func (CorrectAppraisal) Name() domain.CommandName { return "officer.correct_appraisal" }

func (CorrectAppraisal) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c CorrectAppraisal) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.known(), byAnother(act, book), isGrade(c.Grade, book), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	switch o.Grades[c.Year] {
	case "":
		return nil, domain.Refuse(domain.CodeState, "year", "%d was not graded yet; appraise it", c.Year)
	case c.Grade:
		return nil, domain.Refuse(domain.CodeInvalid, "grade", "%d is graded %s already", c.Year, c.Grade)
	}
	return []domain.Event{AppraisalCorrected(c)}, nil
}
