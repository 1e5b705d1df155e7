package sanction

import (
	"github.com/probity-ledger/probity/domain"
)

// effect is a measure with its length and its consequences, as the ladder
// has them.
type effect struct {
	domain.Rung
	months int
}

// weigh returns what the measure means: for one act the period of the
// ladder, for several what the rule of combination allows. months chooses
// within that range; 0 is the least.
func weigh(book *domain.Rulebook, measure domain.Measure, deeds []domain.Measure, months int) (effect, error) {
	rung, _, ok := book.Sanction.Rung(measure)
	if !ok {
		return effect{}, domain.Refuse(domain.CodeInvalid, "measure", "%q is not on the ladder of %s", measure, book.ID)
	}
	if len(deeds) == 0 {
		deeds = []domain.Measure{measure}
	}
	heaviest, least, most := book.Sanction.Combine(deeds)
	if heaviest.Measure != measure {
		return effect{}, domain.Refuse(domain.CodeRule, "measure", "several acts judged together draw the heaviest measure among them, %s", heaviest.Measure).
			Under(book.Sanction.Combination)
	}
	if months == 0 {
		months = least
	}
	if months < least || months > most {
		return effect{}, domain.Refuse(domain.CodeRule, "months", "%d is out of range: %s takes effect for %d to %d", months, measure, least, most).
			Under(book.Sanction.Combination)
	}
	return effect{rung, months}, nil
}

// milder weighs a measure that follows a defence or an appeal, and refuses
// one heavier than what was notified. Of the acts judged together those
// count that drew the measure itself.
func (s Sanction) milder(book *domain.Rulebook, measure domain.Measure, months int, rule string) (effect, error) {
	var deeds []domain.Measure
	for _, d := range s.Deeds {
		if d.Measure == measure {
			deeds = append(deeds, d.Measure)
		}
	}
	e, err := weigh(book, measure, deeds, months)
	if err != nil {
		return e, err
	}
	_, before, _ := book.Sanction.Rung(s.Measure)
	_, after, _ := book.Sanction.Rung(measure)
	if after > before || (after == before && e.months > s.Months) {
		return e, domain.Refuse(domain.CodeRule, "measure", "%s of %d months is heavier than %s of %d; a defence or appeal never makes it heavier",
			measure, e.months, s.Measure, s.Months).Under(rule)
	}
	return e, nil
}

// until returns the last day of effect; zero when there is no period.
func (e effect) until(from domain.Date, book *domain.Rulebook) domain.Date {
	if e.ForGood || e.months == 0 {
		return domain.Date{}
	}
	term := e.Effect
	term.Length = e.months
	return term.After(from, book.Calendar)
}

// imposed returns the event that puts the measure in force from that day.
func (e effect) imposed(s Sanction, from domain.Date, book *domain.Rulebook) Imposed {
	return Imposed{
		Officer: s.Officer, Case: s.Case,
		Measure: e.Measure, Months: e.months, From: from, Until: e.until(from, book), ForGood: e.ForGood,
		BarsPromotion: e.BarsPromotion, BarsPayRise: e.BarsPayRise, BarsHonours: e.BarsHonours,
		SuspendsCertificate: e.SuspendsCertificate, RestoresRank: e.RestoresRank,
	}
}

// Restricts tells whether the measure bars the officer from anything for a
// time or for good.
func (e Imposed) Restricts() bool {
	return (e.ForGood || !e.Until.IsZero()) && (e.BarsPromotion || e.BarsPayRise || e.BarsHonours)
}

// Restricts tells whether the measure still bars the officer from anything.
func (e Varied) Restricts() bool {
	return (e.ForGood || !e.Until.IsZero()) && (e.BarsPromotion || e.BarsPayRise || e.BarsHonours)
}
