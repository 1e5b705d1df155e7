package officer

import (
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// MostIndicators is how many indicators one year has at most.
const MostIndicators = 40

// Basis tells what an indicator rests on.
type Basis string

// The bases of indicators.
const (
	BasisPerformance Basis = "performance" // 履职实绩
	BasisSuperiors   Basis = "superiors"   // 上级满意
	BasisPublic      Basis = "public"      // 群众满意
	BasisConduct     Basis = "conduct"     // 作风纪律
)

// Indicator is one duty of the person and how much it weighs 考核指标.
type Indicator struct {
	// Indicator is its code, unique in the year.
	Indicator string `json:"indicator"`
	// Duty says what is to be done and how one will see it.
	Duty  string `json:"duty"`
	Basis Basis  `json:"basis"`
	// Weight is its share in the grade, in per cent.
	Weight int `json:"weight"`
}

// AppraisalSet: what the officer's work of a year is graded by was laid down.
// It replaces what was laid down for the year before.
type AppraisalSet struct {
	Year       int         `json:"year"`
	Indicators []Indicator `json:"indicators"`
}

func (AppraisalSet) Kind() domain.Kind { return "officer.appraisal_set.v1" }

func (e AppraisalSet) Apply(o *Officer, act domain.Act) {}

// SetAppraisal lays down, before a year is graded, the person's duties as the
// indicators of the grade. None may reward revenue from fines.
type SetAppraisal struct {
	Year int `json:"year"`
	// Indicators are 1 to MostIndicators; their weights make 100. Their
	// duties together are at most domain.MaxText bytes.
	Indicators []Indicator `json:"indicators"`
}

func (SetAppraisal) Name() domain.CommandName { return "officer.set_appraisal" }

func (SetAppraisal) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c SetAppraisal) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.serving(), byAnother(act, book)); err != nil {
		return nil, err
	}
	if next := book.Calendar.Day(act.OccurredAt).Year + 1; c.Year < o.EnrolledOn.Year || c.Year > next {
		return nil, domain.Refuse(domain.CodeInvalid, "year", "%d is no year of service up to the next, %d", c.Year, next)
	}
	if o.Grades[c.Year] != "" {
		return nil, domain.Refuse(domain.CodeState, "year", "%d was graded %s; what it was graded by stands", c.Year, o.Grades[c.Year])
	}
	if n := len(c.Indicators); n < 1 || n > MostIndicators {
		return nil, domain.Refuse(domain.CodeInvalid, "indicators", "there are %d; a year has 1 to %d", n, MostIndicators)
	}
	if err := domain.First(c.check(book.Appraisal), c.weigh(book.Appraisal)); err != nil {
		return nil, err
	}
	return []domain.Event{AppraisalSet(c)}, nil
}

// check refuses a malformed indicator, two of one code, and one that rewards
// revenue from fines.
func (c SetAppraisal) check(rules domain.AppraisalRules) error {
	seen, size := map[string]bool{}, 0
	for _, i := range c.Indicators {
		if word, ok := rules.RewardsFines(i.Duty + "\n" + string(i.Basis)); ok {
			return domain.Refuse(domain.CodeRule, "indicators", "indicator %s speaks of %q; revenue from fines counts in no appraisal", i.Indicator, word).Under(rules.FinesSource)
		}
		if err := domain.First(domain.CheckID("indicators", i.Indicator), domain.CheckText("indicators", i.Duty),
			domain.CheckOneOf("indicators", i.Basis, BasisPerformance, BasisSuperiors, BasisPublic, BasisConduct)); err != nil {
			return err
		}
		if seen[i.Indicator] {
			return domain.Refuse(domain.CodeInvalid, "indicators", "there are two indicators %s", i.Indicator)
		}
		seen[i.Indicator] = true
		size += len(i.Duty)
	}
	if size > domain.MaxText {
		return domain.Refuse(domain.CodeInvalid, "indicators", "the duties are %d bytes long together, at most %d are allowed", size, domain.MaxText)
	}
	return nil
}

// weigh refuses weights that do not make 100, and a balance that the rulebook
// does not allow: a basis that is missing, or one that outweighs the first.
func (c SetAppraisal) weigh(rules domain.AppraisalRules) error {
	total, by := 0, map[Basis]int{}
	for _, i := range c.Indicators {
		if i.Weight < 1 || i.Weight > 100 {
			return domain.Refuse(domain.CodeInvalid, "indicators", "indicator %s weighs %d; a weight runs from 1 to 100 per cent", i.Indicator, i.Weight)
		}
		total += i.Weight
		by[i.Basis] += i.Weight
	}
	if total != 100 {
		return domain.Refuse(domain.CodeInvalid, "indicators", "the weights make %d per cent, not 100", total)
	}
	for place, name := range rules.Bases {
		switch weight := by[Basis(name)]; {
		case weight == 0:
			return domain.Refuse(domain.CodeIncomplete, "indicators", "none rests on %s; there is one each on %s", name, strings.Join(rules.Bases, ", ")).Under(rules.BasesSource)
		case place > 0 && weight > by[Basis(rules.Bases[0])]:
			return domain.Refuse(domain.CodeRule, "indicators", "%s weighs %d per cent and %s %d; %s comes first", name, weight, rules.Bases[0], by[Basis(rules.Bases[0])], rules.Bases[0]).Under(rules.BasesSource)
		}
	}
	return nil
}
