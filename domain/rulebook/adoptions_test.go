package rulebook_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/rulebook"
)

// ruled makes the n-th event of a ledger, about the rulebook.
func ruled(n int, id string, e domain.Event) domain.Recorded {
	act := domaintest.At(leader, domaintest.Now.Add(time.Duration(n)*time.Hour))
	act.Subject = id
	return domain.Recorded{ID: domain.EventID(fmt.Sprint(n)), Act: act, Event: e}
}

func adopt(version, from, to string) rulebook.Adopted {
	e := rulebook.Adopted{Version: version, Digest: digest("a"), ValidFrom: day(from)}
	if to != "" {
		e.ValidTo = day(to)
	}
	return e
}

func TestSeveralRulebooksOfOneLedger(t *testing.T) {
	for _, x := range []struct {
		name string
		past []domain.Recorded
		want []string
	}{
		{"none is adopted", nil, []string{"2020-07-01.. cn-2024"}},
		{"one, in place of the default", []domain.Recorded{ruled(1, "us", adopt("1", "2024-01-01", ""))},
			[]string{"2020-07-01..2023-12-31 cn-2024", "2024-01-01.. us"}},
		{"one from before the default began", []domain.Recorded{ruled(1, "us", adopt("1", "2010-01-01", ""))},
			[]string{"2009-12-31..2009-12-31 cn-2024", "2010-01-01.. us"}},
		{"another from a later day, though nobody superseded the first", []domain.Recorded{
			ruled(1, "us", adopt("1", "2024-01-01", "")), ruled(2, "eu", adopt("1", "2025-01-01", ""))},
			[]string{"2020-07-01..2023-12-31 cn-2024", "2024-01-01..2024-12-31 us", "2025-01-01.. eu"}},
		{"whichever was recorded first", []domain.Recorded{
			ruled(1, "eu", adopt("1", "2025-01-01", "")), ruled(2, "us", adopt("1", "2024-01-01", ""))},
			[]string{"2020-07-01..2023-12-31 cn-2024", "2024-01-01..2024-12-31 us", "2025-01-01.. eu"}},
		{"from the same day the one recorded last", []domain.Recorded{
			ruled(1, "us", adopt("1", "2024-01-01", "")), ruled(2, "eu", adopt("1", "2024-01-01", ""))},
			[]string{"2020-07-01..2023-12-31 cn-2024", "2024-01-01.. eu"}},
		{"for a year, then the first again", []domain.Recorded{
			ruled(1, "us", adopt("1", "2024-01-01", "")), ruled(2, "eu", adopt("1", "2025-01-01", "2025-12-31"))},
			[]string{"2020-07-01..2023-12-31 cn-2024", "2024-01-01..2024-12-31 us", "2025-01-01..2025-12-31 eu", "2026-01-01.. us"}},
		{"an amendment and a successor", []domain.Recorded{
			ruled(1, "us", adopt("1", "2024-01-01", "")),
			ruled(2, "us", rulebook.Amended{Version: "2", Digest: digest("b"), From: day("2024-07-01")}),
			ruled(3, "eu", adopt("1", "2025-01-01", "")),
			ruled(4, "us", rulebook.Superseded{Successor: "eu", From: day("2025-01-01")})},
			[]string{"2020-07-01..2023-12-31 cn-2024", "2024-01-01..2024-06-30 us", "2024-07-01..2024-12-31 us/2", "2025-01-01.. eu"}},
		{"imported ones are told, and not lived by", []domain.Recorded{
			ruled(1, "old", rulebook.Imported{Version: "1", ValidFrom: day("2018-01-01"), ValidTo: day("2030-06-30")})},
			[]string{"2020-07-01.. cn-2024"}},
		{"a gap belongs to what came before it", []domain.Recorded{
			ruled(1, "us", adopt("1", "2024-01-01", "2024-03-31")), ruled(2, "us", adopt("2", "2025-01-01", ""))},
			[]string{"2020-07-01..2023-12-31 cn-2024", "2024-01-01..2024-03-31 us", "2025-01-01.. us/2"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			var all rulebook.Adoptions
			for _, r := range x.past {
				all.Apply(r)
			}
			shelf, err := all.Shelf(domain.CN2024(), func(p rulebook.Period) (*domain.Rulebook, error) {
				return &domain.Rulebook{ID: string(p.Rulebook), Version: p.Version.Version}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, b := range shelf.Books() {
				got = append(got, b.ValidFrom.String()+".."+b.ValidTo.String()+" "+b.Edition())
			}
			if diff := cmp.Diff(x.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAShelfNeedsEveryFile(t *testing.T) {
	var all rulebook.Adoptions
	if !all.Apply(ruled(1, "us", adopt("1", "2024-01-01", ""))) {
		t.Error("an adoption changes nothing")
	}
	if all.Apply(ruled(2, "us", rulebook.Imported{Version: "0", ValidFrom: day("2018-01-01"), ValidTo: day("2019-01-01")})) {
		t.Error("imported history changes what is in force")
	}
	missing := errors.New("no such file")
	if _, err := all.Shelf(domain.CN2024(), func(rulebook.Period) (*domain.Rulebook, error) { return nil, missing }); !errors.Is(err, missing) {
		t.Errorf("got %v", err)
	}
}

// A backdated act must not change the rules of days that are past.
func TestNoRuleIsChangedForDaysThatArePastWhenItIsRecorded(t *testing.T) {
	backdated := leader
	backdated.OccurredAt = domaintest.On("2024-02-01")
	domaintest.Run(t, rulebook.Room, []domaintest.Scenario{{
		Name: "an amendment said to be decided a month ago", Given: []domaintest.Past{adopted},
		When: rulebook.Amend{Version: "2", Digest: digest("b"), From: day("2024-02-02"), Reason: "the terms of review"}, As: backdated,
		Refused: domain.CodeTooLate, Field: "from",
	}})
}
