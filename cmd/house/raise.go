package house

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/alerts"
)

// raising raises warnings, and not more of one rule in a day than the rulebook
// says.
type raising struct {
	*Scheduler
	reader *projections.Reader
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
	return &raising{Scheduler: s, reader: reader, today: today, atOnce: book.Warning.AtOnce, passed: passed, raised: raised,
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
		if err := r.flooded(ctx, rule, r.held[rule], len(r.held[rule])); err != nil {
			return err
		}
	}
	return nil
}

// floodOf names the warning that says that a rule found more on a day than may
// be raised.
func floodOf(code string, today domain.Date) domain.WarningID {
	return domain.WarningID("rule:" + alerts.Flooded.Code + ":" + code + ":" + today.String())
}

// flooded says, once a day and rule, that more was found than is raised. What
// it rests on are the events of the gravest that wait, of so many in all.
func (r *raising) flooded(ctx context.Context, code string, held []heldBack, all int) error {
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
	command.Score, command.Exposure = all, all
	command.Explanation = fmt.Sprintf("%s: rule %s (%s) found %d more than may be raised on %s; the gravest of them has the score %d. They wait for the next day. "+
		"Look whether one is to be hidden among many.", alerts.Flooded.Name, code, held[0].name, all, r.today, most)
	command.ExplanationChinese = fmt.Sprintf("%s：规则%s（%s）发现的情形比%s可发出的预警多%d件，其中最严重的评分为%d；这些留待次日发出。请查看是否有人借大量预警掩盖其中某一件。",
		alerts.Flooded.Chinese, code, held[0].chinese, r.today, all, most)
	for _, id := range names(floodOf(code, r.today)) {
		done, err := r.give(ctx, string(id), string(id), command)
		if refusedOf(err, "subject") {
			if mine, err := r.reader.OwnWarning(ctx, id); err != nil {
				return err
			} else if !mine {
				continue
			}
		}
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
	return nil
}

// names are those that a warning of the system may have: the second where
// somebody else took the first.
func names(id domain.WarningID) []domain.WarningID { return []domain.WarningID{id, id + ":2"} }

// refusedOf tells whether the error is a refusal of that field.
func refusedOf(err error, field string) bool {
	refusal, ok := errors.AsType[*domain.Refusal](err)
	return ok && refusal.Field == field
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
