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

// raising raises warnings, and not more of one rule in a day than the rulebook
// says.
type raising struct {
	*Scheduler
	today  domain.Date
	atOnce int
	// raised counts the warnings of each rule that this day has seen; opened
	// are those that this pass raised, by their subject.
	raised map[string]int
	opened map[string]domain.WarningID
	held   map[string][]heldBack
	rules  []string // of held, in their order
	passed *Passed
}

// heldBack is a warning that waits for the next day, and the name of its rule.
type heldBack struct {
	warning.Raise
	name, chinese string
}

func (s *Scheduler) raising(ctx context.Context, reader *projections.Reader, book *domain.Rulebook, today domain.Date, passed *Passed) (*raising, error) {
	raised, err := reader.RaisedOn(ctx, today)
	if err != nil {
		return nil, fmt.Errorf("count the warnings of the day: %w", err)
	}
	return &raising{Scheduler: s, today: today, atOnce: book.Warning.AtOnce, passed: passed, raised: raised,
		opened: map[string]domain.WarningID{}, held: map[string][]heldBack{}}, nil
}

// full tells whether the rule of a new warning raised as many today as it may;
// then the warning is held back.
func (r *raising) full(command warning.Raise, name, chinese string) bool {
	if r.atOnce <= 0 || r.raised[command.Rule] < r.atOnce {
		return false
	}
	if r.held[command.Rule] == nil {
		r.rules = append(r.rules, command.Rule)
	}
	r.held[command.Rule] = append(r.held[command.Rule], heldBack{command, name, chinese})
	return true
}

// floods says of each rule that holds warnings back that it does.
func (r *raising) floods(ctx context.Context) error {
	for _, rule := range r.rules {
		if err := r.flooded(ctx, rule, r.held[rule]); err != nil {
			return err
		}
	}
	return nil
}

// hits raises what the rules found, the gravest of each rule first, and not
// more of one rule in a day than the rulebook says: the rest is counted in one
// warning, and waits for the next day.
//
// A warning is named after the rule, whom it is about and the first event that
// was not warned of yet; so a hit met again, after a restart or by another
// leader, is recorded once.
func (s *Scheduler) hits(ctx context.Context, reader *projections.Reader, book *domain.Rulebook, today domain.Date, passed *Passed) error {
	if err := s.lost(ctx, reader, passed); err != nil {
		return err
	}
	due, err := reader.HitsDue(ctx, today)
	if err != nil {
		return fmt.Errorf("find what the rules found: %w", err)
	}
	if len(due) == 0 {
		return nil
	}
	r, err := s.raising(ctx, reader, book, today, passed)
	if err != nil {
		return err
	}
	for i := range due {
		if err := r.hit(ctx, &due[i]); err != nil {
			return err
		}
	}
	return r.floods(ctx)
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
	own := h.WarningID(h.Fresh[0])
	command := warning.Raise{Rule: h.Rule, Version: rule.Version, Unit: h.Unit, Post: h.Post, Officer: h.Officer, Evidence: h.Evidence,
		Score: h.Score, Exposure: h.Exposure, Baseline: h.Baseline, Peers: alerts.Peers, BaselineChinese: h.BaselineChinese, PeersChinese: alerts.PeersChinese}
	command.Explanation, command.ExplanationChinese = rule.Says(&h.Hit)
	if open == "" && r.full(command, rule.Name, rule.Chinese) {
		return nil
	}
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
func (r *raising) flooded(ctx context.Context, code string, held []heldBack) error {
	most := 0
	command := warning.Raise{Rule: alerts.Flooded.Code, Version: alerts.Flooded.Version, Peers: alerts.Peers,
		Baseline:     fmt.Sprintf("at most %d warnings of one rule a day", r.atOnce),
		PeersChinese: alerts.PeersChinese, BaselineChinese: fmt.Sprintf("每条规则每日至多%d件预警", r.atOnce)}
	for _, h := range held {
		most = max(most, h.Score)
		if command.Unit == "" {
			command.Unit = h.Unit
		}
		if command.Unit == "" && command.Post == "" {
			command.Post = h.Post
		}
		if len(command.Evidence) < r.atOnce && !slices.Contains(command.Evidence, h.Evidence[0]) {
			command.Evidence = append(command.Evidence, h.Evidence[0])
		}
	}
	if command.Unit == "" && command.Post == "" {
		command.Officer = held[0].Officer
	}
	command.Score, command.Exposure = len(held), len(held)
	command.Explanation = fmt.Sprintf("%s: rule %s (%s) found %d more than may be raised on %s; the gravest of them has the score %d. They wait for the next day. "+
		"Look whether one is to be hidden among many.", alerts.Flooded.Name, code, held[0].name, len(held), r.today, most)
	command.ExplanationChinese = fmt.Sprintf("%s：规则%s（%s）发现的情形比%s可发出的预警多%d件，其中最严重的评分为%d；这些留待次日发出。请查看是否有人借大量预警掩盖其中某一件。",
		alerts.Flooded.Chinese, code, held[0].chinese, r.today, len(held), most)
	id := "rule:" + alerts.Flooded.Code + ":" + code + ":" + r.today.String()
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
