package house

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/alerts"
)

// raising is one pass over what the rules of early warning found.
type raising struct {
	*Scheduler
	reader *projections.Reader
	today  domain.Date
	atOnce int
	// raised counts the warnings of each rule that this day has seen; opened
	// are those that this pass raised, by the subject of the hit.
	raised map[string]int
	opened map[string]domain.WarningID
	given  map[int64]bool // hits that this pass gave, by their number
	passed *Passed
}

// hits raises what the rules found, the gravest of each rule first, and not
// more of one rule in a day than the rulebook says: the rest is counted in one
// warning, and waits for the next day. Of what waits no more is read than may be
// raised, however much it is.
//
// A warning is named after the rule, whom it is about and the first event that
// was not warned of yet; so a hit met again, after a restart or by another
// leader, is recorded once.
func (s *Scheduler) hits(ctx context.Context, reader *projections.Reader, book *domain.Rulebook, today domain.Date, passed *Passed) error {
	if err := s.lost(ctx, reader, passed); err != nil {
		return err
	}
	r := &raising{Scheduler: s, reader: reader, today: today, atOnce: book.Warning.AtOnce, passed: passed, opened: map[string]domain.WarningID{}, given: map[int64]bool{}}
	var err error
	if r.raised, err = reader.RaisedOn(ctx, today); err != nil {
		return fmt.Errorf("count the warnings of the day: %w", err)
	}
	// What belongs to a warning that is open joins it, and counts for nothing.
	if _, err := r.due(ctx, projections.DueFilter{Open: new(true)}); err != nil {
		return err
	}
	for _, rule := range alerts.All() {
		if err := r.rule(ctx, rule.Code); err != nil {
			return err
		}
	}
	return nil
}

// due raises what is due, in its order, and returns it.
func (r *raising) due(ctx context.Context, f projections.DueFilter) ([]projections.DueHit, error) {
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
// else is about the same, which joins those.
func (r *raising) rule(ctx context.Context, code string) error {
	var met []string
	waiting := projections.DueFilter{Rule: code, Open: new(false)}
	for {
		if r.atOnce > 0 {
			if waiting.Most = r.atOnce - r.raised[code]; waiting.Most <= 0 {
				break
			}
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
		if waiting.Except = met; waiting.Most == 0 || len(due) < waiting.Most {
			break
		}
	}
	if r.atOnce == 0 {
		return nil
	}
	if len(met) > 0 {
		if _, err := r.due(ctx, projections.DueFilter{Rule: code, Open: new(false), Of: met}); err != nil {
			return err
		}
	}
	if r.raised[code] < r.atOnce {
		return nil
	}
	return r.flooded(ctx, code, projections.DueFilter{Rule: code, Open: new(false), Except: met})
}

func (r *raising) hit(ctx context.Context, h *projections.DueHit) error {
	rule := alerts.Find(h.Rule)
	if rule == nil || len(h.Fresh) == 0 {
		return nil
	}
	open := h.Open
	if open == "" {
		open = r.opened[h.Subject()]
	}
	if open == "" && r.atOnce > 0 && r.raised[h.Rule] >= r.atOnce {
		return nil // refused before, and others were raised since
	}
	own := h.WarningID(h.Fresh[0])
	command := warning.Raise{Rule: h.Rule, Version: rule.Version, Unit: h.Unit, Post: h.Post, Officer: h.Officer, Evidence: h.Evidence,
		Score: h.Score, Exposure: h.Exposure, Baseline: h.Baseline, Peers: alerts.Peers, BaselineChinese: h.BaselineChinese, PeersChinese: alerts.PeersChinese}
	command.Explanation, command.ExplanationChinese = rule.Says(&h.Hit)
	name := string(own) + ":" + strconv.FormatInt(h.Seq, 10)
	for _, id := range []domain.WarningID{open, own} {
		if id == "" {
			continue
		}
		done, err := r.give(ctx, name, string(id), command)
		switch {
		case domain.RefusalCode(err) == domain.CodeState && id == open && open != own: // settled meanwhile
			continue
		case domain.RefusalCode(err) != "":
			r.passed.Refused++
		case err != nil:
			return fmt.Errorf("warn of what rule %s found: %w", h.Rule, err)
		case done:
			r.passed.Warned++
			if id == own {
				r.raised[h.Rule]++
			}
			r.opened[h.Subject()] = id
		}
		return nil
	}
	return nil
}

// flooded says, once a day and rule, that more was found than is raised. What
// it rests on are the events of the gravest that wait.
func (r *raising) flooded(ctx context.Context, code string, waiting projections.DueFilter) error {
	id := "rule:" + alerts.Flooded.Code + ":" + code + ":" + r.today.String()
	said, err := r.reader.Warning(ctx, domain.WarningID(id))
	if err != nil {
		return fmt.Errorf("see whether it was said that rule %s found more than may be raised: %w", code, err)
	}
	if said != nil {
		return nil
	}
	waiting.Most = r.atOnce
	held, err := r.reader.HitsDue(ctx, r.today, waiting)
	if err != nil {
		return fmt.Errorf("find the gravest of what waits: %w", err)
	}
	if len(held) == 0 {
		return nil
	}
	all, err := r.reader.CountHitsDue(ctx, r.today, waiting)
	if err != nil {
		return fmt.Errorf("count what waits: %w", err)
	}
	rule, most := alerts.Find(code), held[0].Score
	command := warning.Raise{Rule: alerts.Flooded.Code, Version: alerts.Flooded.Version, Peers: alerts.Peers,
		Baseline:     fmt.Sprintf("at most %d warnings of one rule a day", r.atOnce),
		PeersChinese: alerts.PeersChinese, BaselineChinese: fmt.Sprintf("每条规则每日至多%d件预警", r.atOnce)}
	for i := range held {
		h := &held[i]
		if command.Unit == "" {
			command.Unit = h.Unit
		}
		if command.Unit == "" && command.Post == "" {
			command.Post = h.Post
		}
		if first := h.Evidence[0]; !slices.Contains(command.Evidence, first) { // several may rest on one event
			command.Evidence = append(command.Evidence, first)
		}
	}
	if command.Unit == "" && command.Post == "" {
		command.Officer = held[0].Officer
	}
	command.Score, command.Exposure = all, all
	command.Explanation = fmt.Sprintf("%s: rule %s (%s) found %d more than may be raised on %s; the gravest of them has the score %d. They wait for the next day. "+
		"Look whether one is to be hidden among many.", alerts.Flooded.Name, code, rule.Name, all, r.today, most)
	command.ExplanationChinese = fmt.Sprintf("%s：规则%s（%s）发现的情形比%s可发出的预警多%d件，其中最严重的评分为%d；这些留待次日发出。请查看是否有人借大量预警掩盖其中某一件。",
		alerts.Flooded.Chinese, code, rule.Chinese, r.today, all, most)
	done, err := r.give(ctx, id, id, command)
	switch {
	case domain.RefusalCode(err) != "": // said today, when it was fewer
		r.passed.Refused++
	case err != nil:
		return fmt.Errorf("say that rule %s found more than may be raised: %w", code, err)
	case done:
		r.passed.Warned++
	}
	return nil
}

// further are the roles a warning is escalated to, each followed by the next
// one up.
var further = map[domain.Role]domain.Role{"": domain.RoleInspector, domain.RoleInspector: domain.RoleLeader, domain.RoleLeader: domain.RoleOverseer}

// lost says of open warnings that what they rest on no longer stands: each is
// escalated with that reason. Whether it is dismissed is for people.
func (s *Scheduler) lost(ctx context.Context, reader *projections.Reader, passed *Passed) error {
	list, err := reader.LostWarnings(ctx)
	if err != nil {
		return fmt.Errorf("find warnings that lost their ground: %w", err)
	}
	for _, w := range list {
		to, ok := further[w.EscalatedTo]
		if !ok {
			continue // the overseer looks at it already
		}
		done, err := s.give(ctx, fmt.Sprintf("%s:lost:%d", w.ID, w.Since), string(w.ID), warning.Escalate{To: to, Reason: alerts.GroundLost, ReasonChinese: alerts.GroundLostChinese})
		switch {
		case domain.RefusalCode(err) != "":
			passed.Refused++
		case err != nil:
			return fmt.Errorf("say that warning %s lost its ground: %w", w.ID, err)
		case done:
			passed.Reconsidered++
		}
	}
	return nil
}
