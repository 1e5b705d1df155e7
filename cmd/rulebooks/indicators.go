package rulebooks

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections/indicators"
)

// checkIndicators refuses limits that no indicator heeds, and levels of
// articles that no cycle scores.
func (d *decoder) checkIndicators(book *domain.Rulebook) error {
	rules := book.Indicators
	for i, l := range rules.Limits {
		field := fmt.Sprintf("indicators.limits[%d]", i+1)
		of := indicators.Find(l.Indicator)
		switch {
		case of == nil || of.Warns == "" || of.Limit != nil:
			return d.refuse(field+".indicator", "there is no indicator %q that takes a limit; those of the scorecard are such as I1.on_time", l.Indicator)
		case slices.ContainsFunc(rules.Limits[:i], func(o domain.IndicatorLimit) bool { return o.Indicator == l.Indicator }):
			return d.refuse(field+".indicator", "%s has a limit already", l.Indicator)
		case l.Source == "":
			return d.refuse(field, "the limit of %s has no source", l.Indicator)
		case l.Limit > 100:
			return d.refuse(field+".limit", "%d is above 100 per cent", l.Limit)
		}
	}
	if rules.Tail > 100 {
		return d.refuse("indicators.tail", "%d is above 100 per cent", rules.Tail)
	}
	for i, a := range book.Programme.Recommended {
		if !slices.Contains(book.Programme.Articles, a) {
			return d.refuse(fmt.Sprintf("programme.recommended[%d]", i+1), "article %s is not among those that are scored", a)
		}
	}
	return nil
}
