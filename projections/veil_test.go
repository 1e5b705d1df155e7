package projections_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/indicators"
)

// judged records complaints of D1 that are concluded on the day, so many of
// them borne out.
func (h *house) judged(day string, borne, unfounded int) {
	h.on(day)
	for i := range borne + unfounded {
		id := fmt.Sprintf("J%s-%d", day, i)
		h.complain(id, "H1", "D1", "delay", "late", "P3")
		result, officers := complaint.ResultUnfounded, []domain.OfficerID(nil)
		if i < borne {
			result, officers = complaint.ResultSubstantiated, []domain.OfficerID{"P3"}
		}
		h.do("handler:H1", id, complaint.Conclude{Result: result, Conduct: "slow", Officers: officers, Opinion: "by the log"})
	}
}

// quarterly records complaints of a year, too few of them borne out in spring,
// and of this spring.
func quarterly(t *testing.T) *house {
	h := newHouse(t)
	h.people()
	h.judged("2023-02-06", 6, 7)
	h.judged("2023-05-08", 2, 10)
	h.judged("2023-08-07", 6, 5)
	h.judged("2023-11-06", 7, 8)
	h.judged("2024-04-08", 6, 6)
	h.do("overseer:O1", "CY3", programme.Open{Agency: "A", From: domain.MustDate("2023-02-01"), To: domain.MustDate("2024-01-31")})
	return h
}

func period(unit domain.UnitID, from, to string) projections.ScorecardOf {
	return projections.ScorecardOf{Unit: unit, From: domain.MustDate(from), To: domain.MustDate(to)}
}

func TestWhoMayNotSeeTheObjectsIsToldNoSmallCounts(t *testing.T) {
	v := quarterly(t).built()
	for _, c := range []struct {
		name, from, to   string
		auditor, outside string
	}{
		{"a quarter", "2023-01-01", "2023-03-31", "6/13", "6/13"},
		{"a quarter of few", "2023-04-01", "2023-06-30", "2/12", "-"},
		{"the half-year, from which it could be worked out", "2023-01-01", "2023-06-30", "8/25", "-"},
		{"the other half-year", "2023-07-01", "2023-12-31", "13/26", "13/26"},
		{"the year, from which it could be worked out", "2023-01-01", "2023-12-31", "21/51", "-"},
		{"a quarter that is not over", "2024-04-01", "2024-06-30", "6/12", "-"},
		{"the period of a cycle", "2023-02-01", "2024-01-31", "21/51", "-"},
		{"a quarter in which nothing happened", "2024-01-01", "2024-03-31", "", ""},
	} {
		for _, who := range []projections.Principal{auditor, as(domain.RoleOverseer, "O"), as(domain.RoleHR, "R1", projections.AllUnits)} {
			want := c.outside
			if who.Role == domain.RoleAuditor {
				want = c.auditor
			}
			card := score(t, v.As(who), period("A", c.from, c.to))
			got := ""
			for _, word := range strings.Split(counts(card), "I3.substantiated ")[1:] {
				got, _, _ = strings.Cut(word, " ")
			}
			if got != want {
				t.Errorf("%s, asked by %s: %q, want %q", c.name, who.Role, got, want)
			}
			for _, a := range card.Articles {
				for _, x := range a.Values {
					if x.Suppressed && (x.Hits != 0 || x.Of != 0 || x.Share != 0 || strings.Contains(x.Warning.Text, " of ")) {
						t.Errorf("%s, asked by %s: %s tells %+v", c.name, who.Role, x.ID, x)
					}
				}
			}
		}
	}
}

// The part of the term that warnings used tells how many were taken up in time:
// all others used the whole of it.
func TestTheTermOfWarningsIsToldWithThoseTakenUpAlone(t *testing.T) {
	for late, want := range map[int][2]string{2: {"-", "-"}, 6: {"6/12", "600/1200"}} {
		h := newHouse(t)
		h.people()
		for i := range 12 {
			f := fate{id: fmt.Sprint("T", i), rule: "certificate.missing", unit: "W1", raised: "2023-02-06"}
			if i >= late {
				f.acknowledged = "2023-02-06"
			}
			h.fated(f)
		}
		told := map[string]string{}
		for _, a := range score(t, h.built().As(as(domain.RoleOverseer, "O")), period("A", "2023-01-01", "2023-03-31")).Articles {
			for _, x := range a.Values {
				if told[x.ID] = fmt.Sprintf("%d/%d", x.Hits, x.Of); x.Suppressed {
					told[x.ID] = "-"
				}
			}
		}
		if got := [2]string{told["D10.acknowledged"], told["D10.term"]}; got != want {
			t.Errorf("%d late: %q, want %q", late, got, want)
		}
	}
}

func TestAScoreOfFewCasesIsWithheldAndOneOfMoreIsRounded(t *testing.T) {
	// The deadlines of the complaints are in I3.clocks: those of C1 to C4 are
	// few in no period, those of W1 are six of which four were kept.
	v, of := agency(t).built(), period("D1", "2023-01-01", "2023-12-31")
	plain := map[domain.Article]*projections.ScoredArticle{}
	full := score(t, v.As(auditor), of)
	for i := range full.Articles {
		plain[full.Articles[i].ID] = &full.Articles[i]
	}
	card := score(t, v.As(as(domain.RoleOverseer, "O", "D1")), of)
	for _, a := range card.Articles {
		want, suppressed := num(plain[a.ID].Score), false
		switch a.ID {
		case "I3": // 4 of 6 are 67
			want = "65"
		case "D1", "D7": // of one certificate, of one sanction
			want, suppressed = "-", true
		}
		if got := num(a.Score); got != want || a.Suppressed != suppressed {
			t.Errorf("%s: %s, suppressed %v, want %s, %v", a.ID, got, a.Suppressed, want, suppressed)
		}
	}
	if met := card.Articles[2].Values[0].Warning; !met.Met || met.Text != "deadlines of complaints are missed (at least 100.00 %, 信访工作条例)" {
		t.Errorf("the warning: %+v", met)
	}
	if few := card.Articles[16].Values[0]; few.ID != "D7.filed" || few.Warning.Met || few.Warning.Text != "" || card.Articles[16].Warned() != 0 {
		t.Errorf("the warning about one case: %+v", few)
	}
}

func TestWhoMayNotSeeTheObjectsGetsNoPeriodsToSubtract(t *testing.T) {
	v := quarterly(t).built()
	at := func(o projections.ScorecardOf, p ledger.Position, moment string) projections.ScorecardOf {
		o.Position = p
		if moment != "" {
			o.Recorded = domain.MustDate(moment).In(time.UTC)
		}
		return o
	}
	year := period("A", "2023-01-01", "2023-12-31")
	for _, c := range []struct {
		name string
		of   projections.ScorecardOf
		want string // in the refusal; "" for none
	}{
		{"a day", period("A", "2023-02-06", "2023-02-06"), "from 2023-01-01 to 2023-03-31"},
		{"a month", period("A", "2023-12-01", "2023-12-31"), "from 2023-10-01 to 2023-12-31"},
		{"from the middle of a quarter", period("A", "2023-02-01", "2023-06-30"), "a calendar quarter"},
		{"to the middle of a quarter", period("A", "2023-01-01", "2023-06-29"), "a calendar quarter"},
		{"half a year across two halves", period("A", "2023-04-01", "2023-09-30"), "a calendar quarter"},
		{"a year across two years", period("A", "2023-07-01", "2024-06-30"), "a calendar quarter"},
		{"two years", period("A", "2022-01-01", "2023-12-31"), "a calendar quarter"},
		{"the cycle of another unit", period("D1", "2023-02-01", "2024-01-31"), "a calendar quarter"},
		{"as of an event", at(year, 9, ""), "asOfPosition"},
		{"as of a moment", at(year, 0, "2024-01-01"), "recordedAsOf"},
		{"a quarter", period("A", "2023-10-01", "2023-12-31"), ""},
		{"a half-year", period("A", "2023-07-01", "2023-12-31"), ""},
		{"a year", year, ""},
		{"the period of a cycle", period("A", "2023-02-01", "2024-01-31"), ""},
	} {
		for _, who := range []projections.Principal{as(domain.RoleOverseer, "O"), as(domain.RoleHR, "R1", "A", "D1")} {
			card, err := v.As(who).Scorecard(context.Background(), c.of)
			if c.want == "" {
				if err != nil || card == nil {
					t.Errorf("%s, asked by %s: %v, %v", c.name, who.Role, card, err)
				}
				continue
			}
			if domain.RefusalCode(err) != domain.CodeForbidden || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, asked by %s: %v, want %q", c.name, who.Role, err, c.want)
			}
		}
		if _, err := v.As(as(domain.RoleLeader, "L1", "A")).Scorecard(context.Background(), c.of); err != nil {
			t.Errorf("%s, asked by a leader: %v", c.name, err)
		}
	}
}

// Of two quarters and their sum, of four and theirs, no hidden count is the
// difference of told ones.
func TestNoHiddenCountIsTheDifferenceOfToldOnes(t *testing.T) {
	flow, stock, spread := indicators.Find("I3.clocks"), indicators.Find("I6.acknowledged"), indicators.Find("D5.spread")
	for _, c := range []struct {
		name     string
		of       *indicators.Definition
		quarters [][2]int64
		want     bool
	}{
		{"a quarter", flow, [][2]int64{{5, 10}}, true},
		{"few that count", flow, [][2]int64{{4, 10}}, false},
		{"few that do not", flow, [][2]int64{{6, 10}}, false},
		{"none, which says something of all", flow, [][2]int64{{0, 10}}, false},
		{"a half-year", flow, [][2]int64{{5, 10}, {5, 10}}, true},
		{"of a quarter in which nothing happened", flow, [][2]int64{{5, 10}, {}}, true},
		{"of a quarter of few", flow, [][2]int64{{5, 10}, {4, 10}}, false},
		{"of two of few", flow, [][2]int64{{4, 10}, {4, 10}}, false},
		{"a year of one quarter of few", flow, [][2]int64{{5, 10}, {5, 10}, {4, 10}, {5, 10}}, false},
		{"a year of two", flow, [][2]int64{{5, 10}, {3, 10}, {4, 10}, {5, 10}}, true},
		{"a year of two that are few together", flow, [][2]int64{{5, 10}, {2, 10}, {2, 10}, {5, 10}}, false},
		{"a year of four", flow, [][2]int64{{2, 10}, {2, 10}, {2, 10}, {2, 10}}, true},
		{"a year of one quarter", flow, [][2]int64{{}, {}, {}, {5, 10}}, true},
		{"a stock is no sum of quarters", stock, [][2]int64{{1, 2}, {5, 10}}, true},
		{"amounts of few cases", spread, [][2]int64{{90_000, 40_000}}, false},
		{"amounts of five", spread, [][2]int64{{100, 50_000}}, true},
		{"no quarters by which to judge", flow, nil, false},
	} {
		var quarters []indicators.Value
		own := indicators.Value{Definition: c.of, Sum: indicators.Sum{Hits: 50, Of: 100}}
		for _, q := range c.quarters {
			quarters = append(quarters, indicators.Value{Definition: c.of, Sum: indicators.Sum{Hits: q[0], Of: q[1]}})
		}
		if len(quarters) > 0 {
			own.Sum = indicators.Sum{}
			for _, q := range c.quarters {
				own.Hits, own.Of = own.Hits+q[0], own.Of+q[1]
			}
		}
		if got := projections.Tells(own, quarters); got != c.want {
			t.Errorf("%s: told is %v", c.name, got)
		}
	}
}

func TestAnOverseerComparesACycleByItsScores(t *testing.T) {
	h := quarterly(t)
	v := h.built()
	for _, who := range []projections.Principal{as(domain.RoleOverseer, "O"), as(domain.RoleHR, "R1", "A")} {
		list, err := v.As(who).Comparisons(context.Background(), []domain.ProgrammeID{"CY3"})
		if err != nil || len(list["CY3"]) != 20 {
			t.Fatal(list, err)
		}
		if c := list["CY3"][2]; c.ID != "I3" || num(c.After) != "100" || c.Suppressed {
			t.Errorf("%s: %s %s, suppressed %v", who.Role, c.ID, num(c.After), c.Suppressed)
		}
	}
}
