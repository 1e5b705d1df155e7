package agency_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/cmd/probity/agency"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
)

func TestTheSamePlanGivesTheSameInstructions(t *testing.T) {
	two := []string{agency.Customs, agency.Tax}
	plan := agency.Plan{Agencies: two, Seed: 7, Years: 1, End: end}
	one, same := build(t, plan), build(t, plan)
	if one.stream != same.stream {
		t.Error("the same plan sent other instructions the second time")
	}
	if diff := cmp.Diff(one.story, same.story); diff != "" {
		t.Errorf("the same plan told another story (-first +second):\n%s", diff)
	}
	for name, plan := range map[string]agency.Plan{
		"seed":     {Agencies: two, Seed: 8, Years: 1, End: end},
		"size":     {Agencies: two, Seed: 7, Years: 1, Officers: 81, End: end},
		"agency":   {Agencies: []string{agency.Tax, agency.Customs}, Seed: 7, Years: 1, End: end},
		"last day": {Agencies: two, Seed: 7, Years: 1, End: end.AddDate(0, 0, 1)},
	} {
		if build(t, plan).stream == one.stream {
			t.Errorf("another %s sent the same instructions", name)
		}
	}
}

func TestSmallAndShortAndLarge(t *testing.T) {
	plans := map[string]agency.Plan{
		"the smallest district":             {Officers: agency.MinOfficers, End: end},
		"customs alone":                     {Agencies: []string{agency.Customs}, Officers: agency.MinEach, End: end},
		"tax alone":                         {Agencies: []string{agency.Tax}, End: end},
		"market supervision alone":          {Agencies: []string{agency.MarketSupervision}, End: end},
		"two agencies, the other way round": {Agencies: []string{agency.MarketSupervision, agency.Customs}, End: end},
		"a single year":                     {Years: 1, End: end},
		"an end on a Sunday":                {Years: 2, End: time.Date(2024, time.June, 30, 3, 4, 5, 6789, time.UTC)},
		"an end on a leap day":              {Years: 2, End: time.Date(2024, time.February, 29, 6, 0, 0, 0, time.UTC)},
	}
	if !testing.Short() {
		plans["the smallest and oldest"] = agency.Plan{Agencies: []string{agency.Tax}, Officers: agency.MinEach, Years: 12, Seed: 3, End: end}
		plans["a large district"] = agency.Plan{Officers: 240, Years: 2, Seed: 9, End: end}
	}
	for name, plan := range plans {
		t.Run(name+" plays to its end", func(t *testing.T) {
			h := build(t, plan)
			if len(h.refused) > 0 {
				t.Errorf("reactions were refused: %v", h.refused)
			}
			if !slices.IsSorted(h.days) || h.days[0] > 3 {
				t.Errorf("progress was told out of order: %v", h.days)
			}
			seen := map[domain.Ref]bool{}
			for _, e := range h.events(t) {
				seen[domain.Ref{Type: e.Event.Kind().Room(), ID: e.Act.Subject}] = true
			}
			for _, p := range h.story.Planted {
				if p.Ref != (domain.Ref{}) && !seen[p.Ref] {
					t.Errorf("story %s begins at %s, which has no history", p.Name, p.Ref)
				}
			}
			for _, p := range h.story.People {
				if p.Role != domain.RoleAuditor && p.Role != domain.RoleOverseer && (!seen[domain.OfficerID(p.Subject).Ref()] || !seen[p.Units[0].Ref()]) {
					t.Errorf("%s %s of %s is not on file", p.Role, p.Subject, p.Units)
				}
			}
		})
	}
}

func TestComplaintsHaveRealisticOutcomes(t *testing.T) {
	h := build(t, agency.Plan{Agencies: []string{agency.MarketSupervision}, Officers: 200, Years: 3, End: end})
	results, channels, late := map[complaint.Result]int{}, map[complaint.Channel]int{}, 0
	concluded := 0
	for _, e := range h.events(t) {
		switch e := e.Event.(type) {
		case complaint.Received:
			channels[e.Channel]++
		case complaint.Concluded:
			results[e.Result]++
			concluded++
			if e.DaysLate > 0 {
				late++
			}
		}
	}
	for result, share := range map[complaint.Result][2]int{
		complaint.ResultSubstantiated: {6, 15}, complaint.ResultPartly: {10, 22},
		complaint.ResultNotSubstantiated: {32, 52}, complaint.ResultUnfounded: {24, 45},
	} {
		if percent := 100 * results[result] / concluded; percent < share[0] || percent > share[1] {
			t.Errorf("%d %% of %d conclusions are %s, want %v", percent, concluded, result, share)
		}
	}
	if len(channels) != 6 {
		t.Errorf("complaints came in by %v, want all six channels", channels)
	}
	if late == 0 || late > concluded/4 {
		t.Errorf("%d of %d conclusions are late, want some", late, concluded)
	}
}

func TestWhatGoesWrongIsNamed(t *testing.T) {
	t.Run("a refusal nobody meant names instruction and reason", func(t *testing.T) {
		_, err := tryBuild(t, agency.Plan{End: end}, func(in domain.Instruction) error {
			if in.Command.Name() == "complaint.accept" {
				return domain.Refuse(domain.CodeState, "", "the moon is full")
			}
			return nil
		})
		if domain.RefusalCode(err) != domain.CodeState || !strings.Contains(err.Error(), "complaint.accept on ") || !strings.Contains(err.Error(), "-TS-2023-") || !strings.Contains(err.Error(), "the moon is full") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("so does what had to be refused and was refused for another reason", func(t *testing.T) {
		_, err := tryBuild(t, agency.Plan{End: end}, func(in domain.Instruction) error {
			if in.Command.Name() == "misconduct.confirm_finding" {
				return domain.Refuse(domain.CodeInvalid, "", "the moon is full")
			}
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), "misconduct.confirm_finding") || !strings.Contains(err.Error(), "the moon is full") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("what had to be refused and was allowed is an error", func(t *testing.T) {
		clock := agency.NewClock()
		_, err := agency.Build(t.Context(), agency.Plan{End: end, Clock: clock}, func(context.Context, domain.Instruction) (ledger.Receipt, error) {
			return ledger.Receipt{}, nil // a ledger that refuses nothing
		}, nil)
		if err == nil || !strings.Contains(err.Error(), "should be refused as ") || !strings.Contains(err.Error(), "allowed") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("another failure of the ledger ends the play and can be told", func(t *testing.T) {
		broken := errors.New("the disk is gone")
		_, err := tryBuild(t, agency.Plan{End: end}, func(in domain.Instruction) error {
			if _, ok := in.Command.(officer.Appoint); ok {
				return broken
			}
			return nil
		})
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a cancelled context ends the play", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		sent := 0
		_, err := agency.Build(ctx, agency.Plan{End: end, Clock: agency.NewClock()}, func(ctx context.Context, in domain.Instruction) (ledger.Receipt, error) {
			if sent++; sent == 50 {
				cancel()
			}
			return ledger.Receipt{}, ctx.Err()
		}, nil)
		if !errors.Is(err, context.Canceled) || sent != 50 {
			t.Errorf("after %d instructions: %v", sent, err)
		}
	})
	for name, plan := range map[string]agency.Plan{
		"too few officers":              {Officers: agency.MinOfficers - 1, End: end, Clock: agency.NewClock()},
		"an agency twice":               {Agencies: []string{agency.Tax, agency.Tax}, End: end, Clock: agency.NewClock()},
		"an agency that does not exist": {Agencies: []string{"post"}, End: end, Clock: agency.NewClock()},
		"too many years":                {Years: agency.MaxYears + 1, End: end, Clock: agency.NewClock()},
		"no years at all":               {Years: -1, End: end, Clock: agency.NewClock()},
		"no end":                        {Clock: agency.NewClock()},
		"no clock":                      {End: end},
	} {
		t.Run("a plan with "+name+" is not played", func(t *testing.T) {
			if _, err := agency.Build(t.Context(), plan, nil, nil); err == nil {
				t.Error("it was")
			}
		})
	}
}

func TestTheClockMayBeReadMeanwhile(t *testing.T) {
	clock, done := agency.NewClock(), make(chan struct{})
	var readers sync.WaitGroup
	readers.Go(func() {
		for last := clock.Now(); ; {
			now := clock.Now()
			if now.Before(last) {
				t.Errorf("the clock fell from %s to %s", last, now)
			}
			last = now
			select {
			case <-done:
				return
			default:
			}
		}
	})
	_, err := agency.Build(t.Context(), agency.Plan{Years: 1, End: end, Clock: clock}, func(_ context.Context, in domain.Instruction) (ledger.Receipt, error) {
		return ledger.Receipt{}, context.Canceled
	}, nil)
	close(done)
	readers.Wait()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
