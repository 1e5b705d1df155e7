package projections_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// rowsOnly leaves out of a dump what is not a row of a table that both have.
func rowsOnly(dump []string) []string {
	return slices.DeleteFunc(dump, func(line string) bool {
		table, _, row := strings.Cut(line, "|")
		return !row || table == "" || table == "terms" || strings.HasPrefix(table, "texts")
	})
}

// everything is what a reader answers to questions of every kind, as text.
func everything(t *testing.T, r *projections.Reader) []string {
	t.Helper()
	ctx := context.Background()
	var out []string
	say := func(what string, answer any, err error) {
		if err == nil {
			// Lists keep how they were asked for to themselves.
			if v := reflect.Indirect(reflect.ValueOf(answer)); v.Kind() == reflect.Struct && v.FieldByName("Items").IsValid() {
				answer = v.FieldByName("Items").Interface()
			}
		}
		out = append(out, fmt.Sprintf("%s: %s, %v", what, render(answer), err))
	}
	yes := true
	for _, first := range []int{3, 200} {
		p := projections.Page{First: first}
		for name, list := range map[string]func(projections.Page) (any, error){
			"units": func(p projections.Page) (any, error) { return r.Units(ctx, projections.UnitFilter{}, p) },
			"posts": func(p projections.Page) (any, error) { return r.Posts(ctx, projections.PostFilter{Unit: "A"}, p) },
			"officers": func(p projections.Page) (any, error) {
				return r.Officers(ctx, projections.OfficerFilter{SortByName: true, Unit: "A", MinFindings: 1}, p)
			},
			"officers by name": func(p projections.Page) (any, error) {
				return r.Officers(ctx, projections.OfficerFilter{SortByName: true, Name: "新"}, p)
			},
			"complaints": func(p projections.Page) (any, error) {
				return r.Complaints(ctx, projections.ComplaintFilter{WithoutFindings: true, ReceivedFrom: domain.MustDate("2015-01-01")}, p)
			},
			"cases":    func(p projections.Page) (any, error) { return r.Cases(ctx, projections.CaseFilter{Officer: "P1"}, p) },
			"findings": func(p projections.Page) (any, error) { return r.Findings(ctx, projections.FindingFilter{}, p) },
			"sanctions": func(p projections.Page) (any, error) {
				return r.Sanctions(ctx, projections.SanctionFilter{Unit: "A"}, p)
			},
			"rewards": func(p projections.Page) (any, error) {
				return r.Rewards(ctx, projections.RewardFilter{WhileRestricted: true, Unit: "D2"}, p)
			},
			"events": func(p projections.Page) (any, error) {
				return r.Events(ctx, projections.EventFilter{Order: projections.OccurredAsc, Imported: new(bool)}, p)
			},
			"timeline": func(p projections.Page) (any, error) {
				return r.Timeline(ctx, domain.OfficerID("P1").Ref(), projections.EventFilter{As: []string{"officer", "officers"}, Rulebook: "cn-2024"}, p)
			},
			"obligations": func(p projections.Page) (any, error) {
				return r.Obligations(ctx, projections.ObligationFilter{ShareAtLeast: 10, Unit: "A"}, p)
			},
			"late obligations": func(p projections.Page) (any, error) {
				return r.Obligations(ctx, projections.ObligationFilter{State: projections.ObligationLate}, p)
			},
			"rulebooks": func(p projections.Page) (any, error) {
				return r.Rulebooks(ctx, projections.RulebookFilter{InForceOn: domain.MustDate("2024-06-01")}, p)
			},
			"enforcements": func(p projections.Page) (any, error) {
				return r.Enforcements(ctx, projections.EnforcementFilter{}, p)
			},
			"activities": func(p projections.Page) (any, error) {
				return r.Activities(ctx, projections.ActivityFilter{RepeatsMinutes: &yes}, p)
			},
			"risks": func(p projections.Page) (any, error) {
				return r.PostRisks(ctx, projections.PostRiskFilter{Ungraded: &yes}, p)
			},
			"plans": func(p projections.Page) (any, error) { return r.Plans(ctx, projections.PlanFilter{Result: "open"}, p) },
			"warnings of": func(p projections.Page) (any, error) {
				return r.WarningEvents(ctx, "A", projections.EventFilter{}, p)
			},
		} {
			l, err := list(p)
			say(fmt.Sprint(name, " ", first), l, err)
		}
	}
	stats, err := r.Statistics(ctx, projections.StatisticsFilter{})
	say("statistics", stats, err)
	facets, err := r.FindingFacets(ctx, projections.FindingFilter{}, projections.ByCategory)
	say("facets", facets, err)
	scores, err := r.WarningScores(ctx, projections.WarningScoreFilter{})
	say("warning scores", scores, err)
	fairness, err := r.Fairness(ctx, projections.FairnessByEthnicity, projections.WarningScoreFilter{})
	say("fairness", fairness, err)
	queue, err := r.ReviewQueue(ctx, "")
	say("review queue", queue, err)
	if queue != nil {
		places, err := r.Head(ctx, queue, 100)
		say("its places", places, err)
	}
	concentration, err := r.ComplaintConcentration(ctx, projections.ConcentrationFilter{})
	say("concentration", concentration, err)
	discretion, err := r.Discretion(ctx, projections.EnforcementFilter{}, projections.DiscretionByPost)
	say("discretion", discretion, err)
	coverage, err := r.ActivityCoverage(ctx, "A", domain.MustDate("2024-04-01"), domain.MustDate("2024-06-30"), "")
	say("coverage", coverage, err)
	card, err := r.Scorecard(ctx, projections.ScorecardOf{Unit: "A", From: domain.MustDate("2024-04-01"), To: domain.MustDate("2024-06-30")})
	say("scorecard", card == nil, err)
	if card != nil {
		for _, a := range card.Articles {
			for _, v := range a.Values {
				say("article "+string(a.ID), []any{a.Score, a.Suppressed, v.ID, v.Hits, v.Of, v.Warning.Met}, nil)
			}
		}
	}
	counts, err := r.OfficerCounts(ctx, []domain.OfficerID{"P1", "P2", "P3", "I1"})
	say("counts", counts, err)
	moves, _, err := r.ObligationEvents(ctx, "A", 0, 1<<40, 50)
	say("moves", moves, err)
	for _, id := range []domain.OfficerID{"P1", "P2", "I1"} {
		file, err := r.RecordFile(ctx, id, projections.AsOf{})
		say("file of "+string(id), file, err)
		then, err := r.At(ctx, id.Ref(), projections.AsOf{Position: 30})
		say("then "+string(id), then, err)
	}
	if l, err := r.Events(ctx, projections.EventFilter{}, projections.Page{First: 40}); err == nil {
		var of []projections.ChainOf
		for _, e := range l.Items {
			of = append(of, projections.ChainOf{Event: e.ID, Depth: 5, Page: projections.Page{First: 3}})
		}
		for name, chains := range map[string]func(context.Context, []projections.ChainOf) (map[projections.ChainOf]*projections.List[projections.ChainEvent], error){
			"causes": r.Causes, "effects": r.Effects,
		} {
			found, err := chains(ctx, of)
			for _, x := range of {
				say(name+" of "+string(x.Event), found[x], err)
				if err == nil {
					n, err := found[x].TotalCount(ctx)
					say("count", n, err)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// render writes a value with what its pointers point at.
func render(v any) string {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func TestBothShowTheSame(t *testing.T) {
	inPostgres(t)
	for seed := range uint64(3) {
		h := agency(t).ruled().enforced().random(seed+20, 400)
		files, tables := t.TempDir(), t.TempDir()
		inFile, err := projections.Open(files, h.codec, h.options())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = inFile.Close() })
		h.catchUp(inFile)
		inTables := h.viewsIn(tables)
		if err := inTables.CatchUp(context.Background(), upTo{h.store, 30}, nil); err != nil {
			t.Fatal(err)
		}
		for at := ledger.Position(60); at < lastPosition(t, h.store); at += 150 {
			if err := inTables.CatchUp(context.Background(), upTo{h.store, at}, nil); err != nil {
				t.Fatal(err)
			}
		}
		h.catchUp(inTables)
		if diff := cmp.Diff(rowsOnly(dumpFile(t, files)), rowsOnly(dump(t, tables))); diff != "" {
			t.Fatalf("seed %d: the rows in a file (-) and in PostgreSQL (+) differ:\n%s", seed, diff)
		}
		for _, who := range []projections.Principal{
			auditor, as(domain.RoleInspector, "I1", "D1"), as(domain.RoleLeader, "L1", "A"), as(domain.RoleHR, "R1", "A"), as(domain.RoleHandler, "H1"),
			as(domain.RoleOfficer, "P1"), as(domain.RoleIntake, "T1", "A"), as(domain.RoleOverseer, "V1"), {Role: domain.RolePublic},
		} {
			if diff := cmp.Diff(everything(t, inFile.As(who)), everything(t, inTables.As(who))); diff != "" {
				t.Errorf("seed %d, %v: the answers from a file (-) and from PostgreSQL (+) differ:\n%s", seed, who, diff)
			}
		}
	}
}
