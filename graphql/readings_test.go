package graphql_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/graphql"
	"github.com/probity-ledger/probity/graphql/overhttp"
	"github.com/probity-ledger/probity/graphql/signin"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// noting is the shared agency with somebody who notes readings.
func noting(note func(who projections.Principal, id domain.OfficerID, why string, at time.Time) error) *agency {
	a := *shared()
	a.service = ok(graphql.New(graphql.Config{Views: a.views, Store: a.store, Codec: a.codec, Now: func() time.Time { return today },
		Log: slog.New(slog.NewTextHandler(&locked{Buffer: a.log}, nil)),
		FileRead: func(_ context.Context, who projections.Principal, id domain.OfficerID, why string, at time.Time) error {
			return note(who, id, why, at)
		}}))
	return &a
}

func TestWhoeverIsShownARecordFileIsNoted(t *testing.T) {
	var noted []string
	a := noting(func(who projections.Principal, id domain.OfficerID, why string, at time.Time) error {
		if !at.Equal(today) {
			t.Errorf("at %s", at)
		}
		noted = append(noted, string(who.Role)+" "+who.Subject+" read "+string(id)+" for "+why)
		return nil
	})
	appraisal := map[string]any{"purpose": " annual appraisal\n"}
	for _, c := range []struct {
		name  string
		who   projections.Principal
		query string
		own   any
		want  []string
	}{
		{"with a purpose", clerk, `{ officer(id: "P1") { recordFile { day } } }`, appraisal, []string{"hr R1 read P1 for annual appraisal"}},
		{"under the operation's name", auditor, `query Review { officer(id: "P1") { recordFile { day } } }`, nil, []string{"auditor X read P1 for GraphQL: Review"}},
		{"without a name", auditor, `{ officer(id: "P1") { recordFile { day } } }`, nil, []string{"auditor X read P1 for GraphQL"}},
		{"once, however often it is shown", auditor, `{ a: officer(id: "P1") { recordFile { day } then: recordFile(recordedAsOf: "2024-01-01T00:00:00Z") { day } timeline(first: 1) { nodes { as } } } b: officer(id: "P1") { recordFile { head { hash } } } }`, nil,
			[]string{"auditor X read P1 for GraphQL"}},
		{"of each officer", clerk, `{ b: officer(id: "P2") { recordFile { day } } a: officer(id: "P1") { recordFile { day } } }`, appraisal,
			[]string{"hr R1 read P2 for annual appraisal", "hr R1 read P1 for annual appraisal"}},
		{"in a list", auditor, `{ officers(first: 2, filter: {unit: "D2"}) { nodes { recordFile { day } } } }`, nil, []string{"auditor X read P2 for GraphQL"}},
		{"their own", as(domain.RoleOfficer, "P1"), `{ officer(id: "P1") { recordFile { day } } }`, nil, []string{"officer P1 read P1 for GraphQL"}},
		{"in a snapshot", auditor, `{ officer(id: "P1") { recordFile { day } timeline(first: 1) { nodes { as } } } }`, map[string]any{"position": true}, []string{"auditor X read P1 for GraphQL"}},
		{"by the timeline", inspector, `{ officer(id: "P1") { timeline(first: 1) { nodes { as } } } }`, nil, []string{"inspector I2 read P1 for GraphQL"}},
		{"by reference", inspector, `{ timeline(ref: {type: OFFICER, id: "P1"}, first: 1) { nodes { as } } }`, nil, []string{"inspector I2 read P1 for GraphQL"}},
		{"in comparison", auditor, `{ officer(id: "P1") { recordFileComparison(from: "2024-01-01T00:00:00Z", to: "2024-05-01T00:00:00Z") { changes { section } } } }`, nil, []string{"auditor X read P1 for GraphQL"}},
		{"by what changed", auditor, `{ changes(ref: {type: OFFICER, id: "P1"}, from: "2023-01-01T00:00:00Z", to: "2024-05-01T00:00:00Z") { events(first: 1) { nodes { as } } } }`, nil, []string{"auditor X read P1 for GraphQL"}},
		{"of somebody else, in matters of one's own", as(domain.RoleHandler, "H1"), `{ timeline(ref: {type: OFFICER, id: "P1"}, first: 1) { nodes { as } } }`, nil, nil},
		{"out of scope", as(domain.RoleHR, "R1", "D2"), `{ officer(id: "P1") { recordFile { day } } timeline(ref: {type: OFFICER, id: "P1"}) { nodes { as } } }`, nil, nil},
		{"without a right to it", as(domain.RoleHandler, "H1"), `{ officer(id: "P1") { id recordFile { day } } }`, nil, nil},
		{"of another officer", as(domain.RoleOfficer, "P2"), `{ officer(id: "P1") { recordFile { day } } timeline(ref: {type: OFFICER, id: "P1"}) { nodes { as } } }`, nil, nil},
		{"by the public", public, `{ officer(id: "P1") { recordFile { day } } statistics { totals { value } } }`, nil, nil},
		{"that nobody has", auditor, `{ officer(id: "nobody") { recordFile { day } } timeline(ref: {type: OFFICER, id: "nobody"}) { nodes { as } } }`, nil, nil},
		{"before there was one", auditor, `{ officer(id: "P1") { recordFile(recordedAsOf: "2001-01-01T00:00:00Z") { day } } }`, nil, nil},
		{"left out", auditor, `{ officer(id: "P1") { id recordFile @skip(if: true) { day } } }`, nil, nil},
		{"registers are no files", auditor, `{ officer(id: "P1") { name findings { id } sanctions { id } counts { findings } fileReadings { why } } timeline(ref: {type: COMPLAINT, id: "C1"}, first: 1) { nodes { as } } }`, appraisal, nil},
		{"introspection", auditor, `{ __schema { queryType { name } } __type(name: "RecordFile") { name } }`, appraisal, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			noted = nil
			r := a.service.Do(t.Context(), c.who, asked(c.query, nil, c.own))
			if !r.HasData || len(r.Errors) > 0 {
				t.Fatalf("%+v", r)
			}
			if diff := cmp.Diff(c.want, noted); diff != "" {
				t.Errorf("noted (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatCannotBeNotedIsNotShown(t *testing.T) {
	query := `{ a: officer(id: "P1") { name recordFile { day } } b: officer(id: "P2") { recordFile { day } } }`
	for _, c := range []struct {
		err           error
		code, message string
		status        int
	}{
		{ledger.ErrFull, "UNAVAILABLE", "a record file is not shown, because that it was read cannot be noted now", 503},
		{errors.New("the medium is broken"), "UNAVAILABLE", "a record file is not shown", 503},
		{context.DeadlineExceeded, "UNAVAILABLE", "a record file is not shown", 503},
		{domain.Refuse(domain.CodeInvalid, "by", "is no id"), "BAD_USER_INPUT", "by: is no id", 0},
		{&ledger.IntegrityError{What: "torn"}, "INTEGRITY_FAILURE", "the ledger is not what it must be", 503},
	} {
		calls := 0
		a := noting(func(projections.Principal, domain.OfficerID, string, time.Time) error { calls++; return c.err })
		for _, own := range []any{nil, map[string]any{"position": true}} {
			calls = 0
			r := a.service.Do(t.Context(), clerk, asked(query, nil, own))
			if got := code(t, r); got != c.code || !strings.HasPrefix(r.Errors[0].Message, c.message) || r.HasData || r.Data != nil || r.Extensions != nil || r.Status != c.status || calls != 1 {
				t.Errorf("%v: %+v after %d calls", c.err, r, calls)
			}
		}
		// What shows no file is answered.
		if r := a.try(clerk, `{ officer(id: "P1") { name } }`); len(r.Errors) > 0 {
			t.Errorf("%v: %+v", c.err, r)
		}
	}
	a := noting(func(projections.Principal, domain.OfficerID, string, time.Time) error { panic("noted by nobody") })
	if r := a.service.Do(t.Context(), clerk, overhttp.Request{Query: query}); code(t, r) != "INTERNAL" || r.HasData || r.Data != nil {
		t.Errorf("after a panic: %+v", r)
	}
}

func TestAPurposeIsAText(t *testing.T) {
	a := noting(func(projections.Principal, domain.OfficerID, string, time.Time) error { t.Error("noted"); return nil })
	for _, purpose := range []any{nil, 7.5, true, []any{"a"}, "", " \n", "a\x00b", "\xff", strings.Repeat("x", domain.MaxText+1)} {
		r := a.service.Do(t.Context(), clerk, asked(`{ officer(id: "P1") { recordFile { day } } }`, nil, map[string]any{"purpose": purpose}))
		if got := code(t, r); r.HasData || got != "BAD_USER_INPUT" || r.Errors[0].Extensions["field"] != "extensions.probity.purpose" {
			t.Errorf("%q: %+v", purpose, r)
		}
	}
}

// Each item of a stream is an answer of its own.
func TestItemsOfAStreamAreNoted(t *testing.T) {
	var noted []string
	fails := error(nil)
	a := noting(func(who projections.Principal, id domain.OfficerID, why string, _ time.Time) error {
		noted = append(noted, who.Subject+" "+string(id)+" "+why)
		return fails
	})
	who := signin.Principal{Subject: "X", Role: domain.RoleAuditor}
	query := `subscription { events(filter: {kinds: ["officer.training_completed.v1"]}, after: "0") { event { subject { object { ... on Officer { recordFile { day } } } } } } }`
	if _, r := a.service.Subscribe(t.Context(), who, asked(query, nil, map[string]any{"purpose": 7})); r == nil || code(t, r) != "BAD_USER_INPUT" {
		t.Errorf("%+v", r)
	}
	stream, refused := a.service.Subscribe(t.Context(), who, asked(query, nil, map[string]any{"purpose": "watch"}))
	if refused != nil {
		t.Fatalf("%+v", refused)
	}
	defer stream.Close()
	for range 2 {
		if r := ok(stream.Next(t.Context(), time.Minute)); r == nil || !r.HasData || len(r.Errors) > 0 {
			t.Fatalf("%+v", r)
		}
	}
	fails = ledger.ErrFull
	if r := ok(stream.Next(t.Context(), time.Minute)); code(t, r) != "UNAVAILABLE" || r.HasData || r.Data != nil {
		t.Errorf("%+v", r)
	}
	if diff := cmp.Diff([]string{"X P1 watch", "X P1 watch", "X P1 watch"}, noted); diff != "" {
		t.Errorf("noted (-want +got):\n%s", diff)
	}
}

// BenchmarkReadings is the officer's file without anybody who notes readings,
// and with one who forgets them at once.
func BenchmarkReadings(b *testing.B) {
	req := overhttp.Request{Query: fileWithTimeline, Variables: map[string]any{"id": "P1"}}
	for name, a := range map[string]*agency{
		"unnoted": shared(),
		"noted":   noting(func(projections.Principal, domain.OfficerID, string, time.Time) error { return nil }),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if r := a.service.Do(context.Background(), auditor, req); len(r.Errors) > 0 {
					b.Fatal(r.Errors)
				}
			}
		})
	}
}
