package rulebooks

import (
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/projections/alerts"
)

// checkWarnings refuses patterns that no rule of early warning heeds, and
// amounts that no act can have.
func (d *decoder) checkWarnings(w domain.WarningRules) error {
	for i, p := range w.Patterns {
		field := fmt.Sprintf("warning.patterns[%d]", i+1)
		rule := alerts.Find(p.Rule)
		switch {
		case rule == nil || !rule.Patterned():
			return d.refuse(field+".rule", "there is no rule %q that takes a pattern; those of early warning are such as amount.split", p.Rule)
		case slices.ContainsFunc(w.Patterns[:i], func(o domain.WarningPattern) bool { return o.Rule == p.Rule }):
			return d.refuse(field+".rule", "%s has a pattern already", p.Rule)
		case p.Times < 2:
			return d.refuse(field+".times", "%d is no repeat; say 2 or more", p.Times)
		case p.Within.IsZero() || p.Within.Source == "":
			return d.refuse(field+".within", "the pattern of %s has no term with a source", p.Rule)
		}
	}
	streams := []enforcement.Kind{enforcement.KindApproval, enforcement.KindLevy, enforcement.KindPenalty, enforcement.KindInspection, enforcement.KindTrade}
	for i, l := range w.Amounts {
		field := fmt.Sprintf("warning.amounts[%d]", i+1)
		switch {
		case !slices.Contains(streams, enforcement.Kind(l.Stream)):
			return d.refuse(field+".stream", "%q is no stream; there are %v", l.Stream, streams)
		case l.Party != "" && l.Party != string(enforcement.PartyPerson) && l.Party != string(enforcement.PartyOrganisation):
			return d.refuse(field+".party", "%q is neither person nor organisation", l.Party)
		case l.Amount <= 0:
			return d.refuse(field+".amount", "%d is no amount", l.Amount)
		case l.Source == "":
			return d.refuse(field, "the amount of %s has no source", l.Stream)
		}
	}
	switch {
	case w.Near > 99:
		return d.refuse("warning.near", "%d per cent of an amount do not lie below it", w.Near)
	case w.Near != 0 && w.NearSource == "":
		return d.refuse("warning.near", "has no source (nearSource)")
	case w.AtOnce != 0 && w.AtOnceSource == "":
		return d.refuse("warning.atOnce", "has no source (atOnceSource)")
	}
	return d.checkScreening(w.Screening)
}

// checkScreening refuses numbers under which nothing can be compared.
func (d *decoder) checkScreening(s domain.ScreeningRules) error {
	if s == (domain.ScreeningRules{}) {
		return nil
	}
	for _, n := range []struct {
		field           string
		is, least, most int
		means           string
	}{
		{"window", s.Window, 3, 60, "months over which peers are compared"},
		{"learn", s.Learn, 3, 60, "months that tell what is usual"},
		{"peers", s.Peers, 3, 1000, "peers at least"},
		{"discovery", s.Discovery, 1, 1000, "ten-thousandths of false reports"},
		{"times", s.Times, 2, 10, "times the odds"},
		{"alarms", s.Alarms, 1, 1000, "false alarms per ten thousand officer-months"},
	} {
		if n.is < n.least || n.is > n.most {
			return d.refuse("warning.screening."+n.field, "%d %s cannot be; say %d to %d", n.is, n.means, n.least, n.most)
		}
	}
	if s.Source == "" {
		return d.refuse("warning.screening", "has no source")
	}
	return nil
}
