package sanction

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// effect is a measure with its length and its consequences, as the ladder of
// the rulebook under it has them.
type effect struct {
	domain.Rung
	months int
	under  *domain.Rulebook
}

// draws returns what the measure means for conduct of the day: as the lighter
// has it of the rulebook of that day and the present one. It refuses a measure
// that one of them does not know.
func draws(book *domain.Rulebook, field string, measure domain.Measure, deed domain.Date) (domain.Rung, *domain.Rulebook, error) {
	if _, _, ok := book.Sanction.Rung(measure); !ok {
		return domain.Rung{}, nil, domain.Refuse(domain.CodeInvalid, field, "%q is not on the ladder of %s", measure, book.ID)
	}
	then := book
	if !deed.IsZero() {
		then = book.On(deed)
	}
	under, rung, ok := domain.Lighter(then, book, measure)
	if !ok {
		return rung, under, domain.Refuse(domain.CodeRule, field, "%s (version %s), in force on %s, the day of the conduct, did not know the measure %s", then.ID, then.Version, deed, measure).
			Under(book.Enforcement.Lighter)
	}
	return rung, under, nil
}

// weigh returns what the measure means: for one act the period of the
// ladder, for several what the rule of combination allows. months chooses
// within that range; 0 is the least. Each act draws what the rules of its own
// day and of today allow; where those differ, the effect is that of the act
// with the heavier one, and no cap of theirs is passed.
func weigh(book *domain.Rulebook, measure domain.Measure, deeds []Deed, deed domain.Date, months int) (effect, error) {
	if len(deeds) == 0 {
		deeds = []Deed{{Measure: measure, DeedOn: deed}}
	}
	if _, _, err := draws(book, "measure", measure, domain.Date{}); err != nil {
		return effect{}, err
	}
	heaviest, _, _ := book.Sanction.Combine(measuresOf(deeds))
	if heaviest.Measure != measure {
		return effect{}, domain.Refuse(domain.CodeRule, "measure", "several acts judged together draw the heaviest measure among them, %s", heaviest.Measure).
			Under(book.Sanction.Combination)
	}
	var e effect
	least, most, limit := 0, 0, book.Sanction.MaxMonths
	for _, d := range deeds {
		if d.Measure != measure {
			continue
		}
		if d.DeedOn.IsZero() {
			d.DeedOn = deed
		}
		rung, under, err := draws(book, "measure", measure, d.DeedOn)
		if err != nil {
			return effect{}, err
		}
		if e.under == nil || e.Rung.LighterThan(rung) {
			e.Rung, e.under = rung, under
		}
		least, most = max(least, rung.Effect.Length), most+rung.Effect.Length
		limit = min(limit, under.Sanction.MaxMonths)
	}
	most = max(least, min(most, limit))
	if e.months = months; months == 0 {
		e.months = least
	}
	if e.months < least || e.months > most {
		return effect{}, domain.Refuse(domain.CodeRule, "months", "%d is out of range: %s takes effect for %d to %d", e.months, measure, least, most).
			Under(book.Sanction.Combination)
	}
	return e, nil
}

func measuresOf(deeds []Deed) []domain.Measure {
	var out []domain.Measure
	for _, d := range deeds {
		out = append(out, d.Measure)
	}
	return out
}

// milder weighs a measure that follows a defence or an appeal, and refuses
// one heavier than what was notified. Of the acts judged together those
// count that drew the measure itself.
func (s Sanction) milder(book *domain.Rulebook, measure domain.Measure, months int, rule string) (effect, error) {
	deeds := slices.DeleteFunc(slices.Clone(s.Deeds), func(d Deed) bool { return d.Measure != measure })
	e, err := weigh(book, measure, deeds, s.DeedOn, months)
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
		Officer: s.Officer, Case: s.Case, DeedOn: s.DeedOn,
		Measure: e.Measure, Months: e.months, From: from, Until: e.until(from, book), ForGood: e.ForGood,
		BarsPromotion: e.BarsPromotion, BarsPayRise: e.BarsPayRise, BarsHonours: e.BarsHonours,
		SuspendsCertificate: e.SuspendsCertificate, RestoresRank: e.RestoresRank,
		Rulebook: domain.RulebookID(e.under.ID), RulebookVersion: e.under.Version,
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
