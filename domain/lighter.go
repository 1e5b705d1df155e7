package domain

// Lighter returns the rulebook whose rule on the measure applies to an act
// that was done while onAct was in force and is decided while onDecision is,
// and the measure as that rulebook has it (从旧兼从轻, law on administrative
// penalties art. 37): the rule of the day of the act, unless that of the day
// of the decision is lighter.
//
// A rule is lighter when it weighs less in one respect and more in none
// (LighterThan); where it weighs less in one and more in another, the rule of
// the act's day stays. ok is false where the measure may not be imposed at
// all: the act's day did not know it yet, or the decision's day no longer
// does.
func Lighter(onAct, onDecision *Rulebook, m Measure) (book *Rulebook, rung Rung, ok bool) {
	before, _, knew := onAct.Sanction.Rung(m)
	after, _, knows := onDecision.Sanction.Rung(m)
	switch {
	case !knew:
		return onAct, Rung{}, false
	case !knows:
		return onDecision, Rung{}, false
	case after.LighterThan(before):
		return onDecision, after, true
	}
	return onAct, before, true
}

// LighterThan tells whether the measure weighs less than the other in at
// least one respect and more in none. The respects are: whether it is for
// good, whether it is a formal sanction, how long it takes effect, what it
// bars, whether it suspends the certificate and whether the former rank comes
// back.
func (r Rung) LighterThan(other Rung) bool {
	lighter, heavier := false, false
	weigh := func(mine, others int) {
		lighter = lighter || mine < others
		heavier = heavier || mine > others
	}
	bears := func(mine, others bool) { weigh(weightOf(mine), weightOf(others)) }
	bears(r.ForGood, other.ForGood)
	bears(r.Formal, other.Formal)
	if r.ForGood == other.ForGood {
		weigh(r.Effect.rough(), other.Effect.rough())
		bears(!r.RestoresRank, !other.RestoresRank)
	}
	bears(r.BarsPromotion, other.BarsPromotion)
	bears(r.BarsPayRise, other.BarsPayRise)
	bears(r.BarsHonours, other.BarsHonours)
	bears(r.SuspendsCertificate, other.SuspendsCertificate)
	return lighter && !heavier
}

func weightOf(bears bool) int {
	if bears {
		return 1
	}
	return 0
}

// rough returns the length of the term in days from 1 January 2001 without
// holidays: enough to tell which of two terms is longer.
func (t Term) rough() int {
	start := Date{2001, 1, 1}
	return t.After(start, Calendar{}).DaysPast(start)
}
