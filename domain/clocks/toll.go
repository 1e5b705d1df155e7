package clocks

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// toll lets the event pause clocks of the rule, and let them run again.
func (k *Keeper) toll(rule *Rule, e domain.Event, x scene, touched map[int]bool) {
	for _, t := range rule.tolls {
		if t.kind != e.Kind() {
			continue
		}
		p := t.does(e, x)
		for i, c := range x.matter.running(rule, p.key) {
			if c.TolledSince.IsZero() {
				c.TolledSince, touched[i] = orDay(p.on, x.day), true
			}
		}
	}
	for _, t := range rule.resumes {
		if t.kind != e.Kind() {
			continue
		}
		p := t.does(e, x)
		for i, c := range x.matter.running(rule, p.key) {
			k.resume(rule, c, orDay(p.on, x.day))
			touched[i] = true
		}
	}
}

func orDay(day, other domain.Date) domain.Date {
	if day.IsZero() {
		return other
	}
	return day
}

// resume lets a paused clock run again: the first day of the pause counts as
// used, the day on which it resumes does not. A rule with a Last of its own
// says itself what a pause from the first to the last day means.
func (k *Keeper) resume(rule *Rule, c *Clock, day domain.Date) {
	if c.TolledSince.IsZero() {
		return
	}
	if rule.Last != nil {
		c.Spans = append(slices.Clip(c.Spans), domain.Span{From: c.TolledSince, To: day})
		c.TolledSince = domain.Date{}
		k.respan(rule, c)
		return
	}
	count := k.CountOf(c)
	paused := count.Number(day, c.Workdays) - count.Number(c.TolledSince, c.Workdays)
	if paused > 0 {
		c.Tolled += paused
		c.From += paused
		c.Due = count.after(c.Due, paused, c.Workdays)
	}
	c.TolledSince = domain.Date{}
}

// respan sets the last day anew from the start and all pauses.
func (k *Keeper) respan(rule *Rule, c *Clock) {
	book, count := k.BookOf(c), k.CountOf(c)
	bare := rule.Last(book, c.Started, nil)
	c.Due = rule.Last(book, c.Started, c.Spans)
	c.Tolled = count.Number(c.Due, c.Workdays) - count.Number(bare, c.Workdays)
	c.From = count.Number(c.Started, c.Workdays) + c.Tolled
	c.Length = max(0, count.Number(c.Due, c.Workdays)-c.From)
}
