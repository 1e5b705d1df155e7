package house

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/alerts"
)

// hits is one pass over what the deterministic rules found.
type hits struct {
	*raising
	given map[int64]bool // what this pass gave, by the number of the hit
}

// hits raises what the rules found, the gravest of each rule first, and not
// more of one rule in a day than the rulebook says: the rest is counted in one
// warning, and waits for the next day. Of what waits no more is read than may be
// raised, however much it is.
//
// A warning is named after the rule, whom it is about and the first event that
// was not warned of yet; so a hit met again, after a restart or by another
// leader, is recorded once. Where somebody else took that name, it has another.
func (s *Scheduler) hits(ctx context.Context, reader *projections.Reader, book *domain.Rulebook, today domain.Date, passed *Passed) error {
	if err := s.lost(ctx, reader, passed); err != nil {
		return err
	}
	raising, err := s.raising(ctx, reader, book, today, passed)
	if err != nil {
		return err
	}
	r := &hits{raising, map[int64]bool{}}
	// What belongs to a warning that is open joins it, and takes no place.
	if _, err := r.due(ctx, projections.DueFilter{Open: new(true)}); err != nil {
		return err
	}
	for _, rule := range alerts.All() {
		if err := r.rule(ctx, rule); err != nil {
			return err
		}
	}
	return nil
}

// places is how many more warnings of the rule may be raised on the day.
func (r *hits) places(code string) int {
	if r.atOnce <= 0 {
		return math.MaxInt
	}
	return r.atOnce - r.raised[code]
}

// due raises what is due, in its order, and returns it.
func (r *hits) due(ctx context.Context, f projections.DueFilter) ([]projections.DueHit, error) {
	due, err := r.reader.HitsDue(ctx, r.today, f)
	if err != nil {
		return nil, fmt.Errorf("find what the rules found: %w", err)
	}
	for i := range due {
		if r.given[due[i].Seq] {
			continue
		}
		r.given[due[i].Seq] = true
		if err := r.hit(ctx, &due[i]); err != nil {
			return nil, err
		}
	}
	return due, nil
}

// rule raises what one rule found: as many of the gravest as may be, then what
// else is about the same, which joins those. Of the rest it is said how many.
func (r *hits) rule(ctx context.Context, rule *alerts.Rule) error {
	var met []string
	waiting := projections.DueFilter{Rule: rule.Code, Open: new(false)}
	for more := true; more && r.places(rule.Code) > 0; {
		if waiting.Most = 0; r.atOnce > 0 {
			waiting.Most = r.places(rule.Code)
		}
		due, err := r.due(ctx, waiting)
		if err != nil {
			return err
		}
		for i := range due {
			if subject := due[i].Subject(); !slices.Contains(met, subject) {
				met = append(met, subject)
			}
		}
		waiting.Except, more = met, waiting.Most > 0 && len(due) == waiting.Most
	}
	if r.atOnce <= 0 {
		return nil
	}
	if len(met) > 0 {
		if _, err := r.due(ctx, projections.DueFilter{Rule: rule.Code, Open: new(false), Of: met}); err != nil {
			return err
		}
	}
	if r.places(rule.Code) > 0 {
		return nil
	}
	return r.waits(ctx, rule, projections.DueFilter{Rule: rule.Code, Open: new(false), Except: met, Most: r.atOnce})
}

// waits says that more waits, unless that was said today.
func (r *hits) waits(ctx context.Context, rule *alerts.Rule, waiting projections.DueFilter) error {
	for _, id := range names(floodOf(rule.Code, r.today)) {
		if said, err := r.reader.OwnWarning(ctx, id); err != nil || said {
			return err
		}
	}
	due, err := r.reader.HitsDue(ctx, r.today, waiting)
	if err != nil || len(due) == 0 {
		return err
	}
	all, err := r.reader.CountHitsDue(ctx, r.today, waiting)
	if err != nil {
		return fmt.Errorf("count what waits: %w", err)
	}
	held := make([]heldBack, len(due))
	for i, h := range due {
		held[i] = heldBack{warning.Raise{Unit: h.Unit, Post: h.Post, Officer: h.Officer, Evidence: h.Evidence, Score: h.Score}, rule.Name, rule.Chinese}
	}
	return r.flooded(ctx, rule.Code, held, all)
}

func (r *hits) hit(ctx context.Context, h *projections.DueHit) error {
	rule := alerts.Find(h.Rule)
	if rule == nil || len(h.Fresh) == 0 {
		return nil
	}
	open := h.Open
	if open == "" {
		open = r.opened[h.Subject()]
	}
	own := h.WarningID(h.Fresh[0])
	command := warning.Raise{Rule: h.Rule, Version: rule.Version, Unit: h.Unit, Post: h.Post, Officer: h.Officer, Evidence: h.Evidence,
		Score: h.Score, Exposure: h.Exposure, Baseline: h.Baseline, Peers: alerts.Peers, BaselineChinese: h.BaselineChinese, PeersChinese: alerts.PeersChinese}
	command.Explanation, command.ExplanationChinese = rule.Says(&h.Hit)
	if open == "" && r.places(h.Rule) <= 0 {
		return nil // refused before, and others were raised since
	}
	name := string(own) + ":" + strconv.FormatInt(h.Seq, 10)
	for _, id := range append([]domain.WarningID{open}, names(own)...) {
		if id == "" {
			continue
		}
		done, err := r.give(ctx, name, string(id), command)
		switch {
		case domain.RefusalCode(err) == domain.CodeState && id == open && open != own: // settled meanwhile
			continue
		case refusedOf(err, "subject") && id == own:
			if mine, err := r.reader.OwnWarning(ctx, own); err != nil {
				return err
			} else if !mine {
				continue
			}
			r.passed.Refused++
		case domain.RefusalCode(err) != "":
			r.passed.Refused++
		case err != nil:
			return fmt.Errorf("warn of what rule %s found: %w", h.Rule, err)
		case done:
			r.passed.Warned++
			if id != open {
				r.raised[h.Rule]++
			}
			r.opened[h.Subject()] = id
		}
		return nil
	}
	return nil
}
