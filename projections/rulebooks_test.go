package projections_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/probity-ledger/probity/domain"
	rules "github.com/probity-ledger/probity/domain/rulebook"
	"github.com/probity-ledger/probity/projections"
)

func digest(of string) string { return "sha256:" + strings.Repeat(of, 64) }

// rulebooks records that cn-2020, of which version 0 is old history, was adopted
// on 2 January 2023, amended from July 2023 and superseded by cn-2024 from
// March 2024.
func (h *house) rulebooks() *house {
	day := domain.MustDate
	h.on("2023-01-02")
	h.do("importer:M", "cn-2020", rules.Import{Version: "0", ValidFrom: day("2020-01-01"), ValidTo: day("2021-12-31")})
	h.do("leader:L1", "cn-2020", rules.Adopt{Version: "1", Digest: digest("a"), ValidFrom: day("2023-01-02")})
	h.on("2023-06-01")
	h.do("leader:L2", "cn-2020", rules.Amend{Version: "2", Digest: digest("b"), From: day("2023-07-01"), Reason: "the appeal takes a month"})
	h.on("2024-02-01")
	h.do("leader:L1", "cn-2024", rules.Adopt{Version: "1", Digest: digest("c"), ValidFrom: day("2024-03-01")})
	h.do("leader:L1", "cn-2020", rules.Supersede{Successor: "cn-2024", From: day("2024-03-01")})
	return h
}

func TestARulebookTellsItsVersions(t *testing.T) {
	r, day := newHouse(t).rulebooks().built().As(auditor), domain.MustDate
	got, err := r.Rulebook(context.Background(), "cn-2020")
	if err != nil || got == nil {
		t.Fatal(got, err)
	}
	want := []projections.RulebookVersion{
		{Version: rules.Version{Version: "0", From: day("2020-01-01"), To: day("2021-12-31")}, AdoptedOn: day("2023-01-02"), By: "M", Imported: true},
		{Version: rules.Version{Version: "1", Digest: digest("a"), From: day("2023-01-02"), To: day("2023-06-30")}, AdoptedOn: day("2023-01-02"), By: "L1"},
		{Version: rules.Version{Version: "2", Digest: digest("b"), From: day("2023-07-01"), To: day("2024-02-29")}, AdoptedOn: day("2023-06-01"), By: "L2", Reason: "the appeal takes a month"},
	}
	if diff := cmp.Diff(want, got.Versions, cmpopts.IgnoreFields(projections.RulebookVersion{}, "Event")); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	if got.SupersededBy != "cn-2024" || got.FirstFrom != day("2020-01-01") || got.LastTo != day("2024-02-29") || !got.Imported {
		t.Errorf("the rulebook: %+v", got)
	}
	for on, want := range map[string]string{"2019-12-31": "", "2020-01-01": "0", "2022-06-01": "", "2023-06-30": "1", "2023-07-01": "2", "2024-02-29": "2", "2024-03-01": ""} {
		if v, ok := got.InForce(day(on)); v.Version.Version != want || ok != (want != "") {
			t.Errorf("on %s version %q is in force, want %q", on, v.Version.Version, want)
		}
		// The list and the object must agree.
		l, err := r.Rulebooks(context.Background(), projections.RulebookFilter{InForceOn: day(on)}, projections.Page{})
		ids := ""
		if err == nil {
			ids = idsOf(l.Items, func(b projections.Rulebook) string { return string(b.ID) })
		}
		if strings.Contains(ids, "cn-2020") != (want != "") || strings.Contains(ids, "cn-2024") != (on == "2024-03-01") {
			t.Errorf("on %s are in force: %q, %v", on, ids, err)
		}
	}
	yes := true
	if l, err := r.Rulebooks(context.Background(), projections.RulebookFilter{Superseded: &yes}, projections.Page{}); err != nil ||
		idsOf(l.Items, func(b projections.Rulebook) string { return string(b.ID) }) != "cn-2020" {
		t.Errorf("superseded: %+v, %v", l, err)
	}
}

func TestRulebooksAreForEveryoneWhoSignsIn(t *testing.T) {
	v := newHouse(t).rulebooks().built()
	for who, want := range map[domain.Role][2]string{
		domain.RoleAuditor: {"cn-2020 cn-2024", "rulebook-cn-2020 rulebook-cn-2024"}, domain.RoleInspector: {"cn-2020 cn-2024", "rulebook-cn-2020 rulebook-cn-2024"},
		domain.RoleLeader: {"cn-2020 cn-2024", "rulebook-cn-2020 rulebook-cn-2024"}, domain.RoleHR: {"cn-2020 cn-2024", "rulebook-cn-2020 rulebook-cn-2024"},
		domain.RoleIntake: {"cn-2020 cn-2024", "rulebook-cn-2020 rulebook-cn-2024"}, domain.RoleHandler: {"cn-2020 cn-2024", ""},
		domain.RoleOfficer: {"cn-2020 cn-2024", ""}, domain.RoleOverseer: {"cn-2020 cn-2024", ""}, domain.RolePublic: {}, domain.RoleImporter: {},
	} {
		t.Run(string(who), func(t *testing.T) {
			r, ctx := v.As(as(who, "X")), context.Background()
			got := both(t, []string{"cn-2020", "cn-2024"}, func(id string) (*projections.Rulebook, error) { return r.Rulebook(ctx, domain.RulebookID(id)) },
				func() (*projections.List[projections.Rulebook], error) {
					return r.Rulebooks(ctx, projections.RulebookFilter{}, projections.Page{})
				}, func(b projections.Rulebook) string { return string(b.ID) })
			if strings.Join(got, " ") != want[0] {
				t.Errorf("rulebooks %v, want %q", got, want[0])
			}
			if got := join(eventsSeen(t, r)...); got != want[1] {
				t.Errorf("events of %q, want %q", got, want[1])
			}
		})
	}
}
