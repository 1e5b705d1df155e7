package projections_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/record"
)

// hrRow is a row of a view for HR, by its columns.
type hrRow map[string]any

// forHR reads rows as somebody who has the rights of probity_hr and no others,
// on the day of the tests.
func forHR(t testing.TB, url, sql string) (out []hrRow) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, "SET TimeZone = 'UTC'; SET hr.day = '"+today+"'; SET ROLE probity_hr"); err != nil {
		t.Fatal(err)
	}
	rows, err := c.Query(ctx, "SELECT row_to_json(x)::text FROM ("+sql+") x")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		var row hrRow
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(text), &row); err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return out
}

// lines writes rows so that they can be compared, whatever their order.
func lines(rows []hrRow) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, render(r))
	}
	slices.Sort(out)
	return out
}

func orNull[T ~string](v T) any {
	if v == "" {
		return nil
	}
	return string(v)
}

func dayOrNull(d domain.Date) any { return orNull(d.String()) }

// stamp is a moment as PostgreSQL writes it in JSON.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999") + "+00:00" }

func sourced(s record.Source, row hrRow) hrRow {
	row["occurred"], row["recorded"], row["event_id"] = stamp(s.OccurredAt), stamp(s.RecordedAt), string(s.Event)
	return row
}

// all asks for a list, page by page.
func all[T any](t testing.TB, list func(projections.Page) (*projections.List[T], error)) (out []T) {
	t.Helper()
	for p := (projections.Page{First: 50}); ; {
		l, err := list(p)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, l.Items...)
		if !l.HasNextPage {
			return out
		}
		p.After = l.Cursor(len(l.Items) - 1)
	}
}

// given is what a reader of role HR over all units is given, in the columns of
// the views.
func given(t testing.TB, v *projections.Views) map[string][]hrRow {
	t.Helper()
	ctx, r := context.Background(), v.As(as(domain.RoleHR, "R1", projections.AllUnits))
	out := map[string][]hrRow{}
	names, units, posts := map[domain.OfficerID]any{}, map[domain.UnitID]any{}, map[domain.PostID]any{}
	for _, u := range all(t, func(p projections.Page) (*projections.List[projections.Unit], error) {
		return r.Units(ctx, projections.UnitFilter{}, p)
	}) {
		units[u.ID] = u.Name
	}
	for _, k := range all(t, func(p projections.Page) (*projections.List[projections.Post], error) {
		return r.Posts(ctx, projections.PostFilter{}, p)
	}) {
		posts[k.ID] = k.Name
	}
	officers := all(t, func(p projections.Page) (*projections.List[projections.Officer], error) {
		return r.Officers(ctx, projections.OfficerFilter{}, p)
	})
	for _, o := range officers {
		names[o.ID] = o.Name
	}
	inForce := map[domain.SanctionID]bool{}
	for _, o := range officers {
		counts, err := r.OfficerCounts(ctx, []domain.OfficerID{o.ID})
		if err != nil {
			t.Fatal(err)
		}
		file, err := r.RecordFile(ctx, o.ID, projections.AsOf{})
		if err != nil || file == nil {
			t.Fatalf("the file of %s: %v, %v", o.ID, file, err)
		}
		row := hrRow{"officer": string(o.ID), "name": o.Name, "latin_name": o.LatinName, "staff_number": o.StaffNumber, "unit": orNull(o.Unit), "unit_name": units[o.Unit],
			"post": orNull(o.Post), "post_name": posts[o.Post], "post_since": dayOrNull(o.PostSince), "leader": o.Leader, "rank": o.Rank, "status": o.Status,
			"enrolled_on": dayOrNull(o.EnrolledOn), "separated_on": dayOrNull(o.SeparatedOn), "barred": *o.Barred, "certificate_number": orNull(o.CertificateNumber),
			"certificate_status": orNull(o.CertificateStatus), "certificate_until": dayOrNull(o.CertificateUntil), "appraisal_year": nil, "appraisal_grade": nil,
			"sanctions": counts[o.ID].Sanctions, "findings": counts[o.ID].Findings, "rewards": counts[o.ID].Rewards, "imported": o.Imported}
		if n := len(file.Appraisals); n > 0 {
			row["appraisal_year"], row["appraisal_grade"] = file.Appraisals[n-1].Year, file.Appraisals[n-1].Grade
		}
		sanctions, rewards := 0, 0
		for _, s := range file.Sanctions {
			if inForce[s.ID] = s.InForce; s.InForce {
				sanctions++
			}
		}
		for _, w := range file.Rewards {
			if w.Status == "granted" {
				rewards++
			}
		}
		row["sanctions_in_force"], row["rewards_granted"] = sanctions, rewards
		out["personnel_record"] = append(out["personnel_record"], row)
		for _, a := range file.Appraisals {
			out["appraisal"] = append(out["appraisal"], sourced(a.Source, hrRow{"officer": string(o.ID), "name": o.Name, "year": a.Year, "grade": a.Grade, "corrected": a.Corrected}))
		}
		for _, c := range file.Certificates {
			usable := c.Status == "valid" && c.ValidFrom.String() <= today && today <= c.ValidTo.String()
			out["certificate"] = append(out["certificate"], sourced(c.Source, hrRow{"officer": string(o.ID), "name": o.Name, "number": c.Number,
				"valid_from": dayOrNull(c.ValidFrom), "valid_to": dayOrNull(c.ValidTo), "status": c.Status, "usable": usable}))
		}
		for _, p := range file.Posts {
			out["posting"] = append(out["posting"], sourced(p.Source, hrRow{"officer": string(o.ID), "name": o.Name, "post": string(p.Post), "post_name": posts[p.Post],
				"unit": string(p.Unit), "unit_name": units[p.Unit], "leader": p.Leader, "high_risk": p.HighRisk,
				"held_from": dayOrNull(p.From), "held_to": dayOrNull(p.To), "deferred_until": dayOrNull(p.DeferredUntil)}))
		}
		for _, e := range all(t, func(p projections.Page) (*projections.List[projections.TimelineEntry], error) {
			return r.Timeline(ctx, o.ID.Ref(), projections.EventFilter{}, p)
		}) {
			out["timeline"] = append(out["timeline"], hrRow{"officer": string(o.ID), "name": o.Name, "occurred": stamp(e.OccurredAt), "recorded": stamp(e.RecordedAt), "kind": string(e.Kind),
				"about": e.Subject.Type, "about_id": e.Subject.ID, "fields": e.As, "imported": e.Imported(), "position": uint64(e.Position), "event_id": string(e.ID)})
		}
	}
	for _, s := range all(t, func(p projections.Page) (*projections.List[projections.Sanction], error) {
		return r.Sanctions(ctx, projections.SanctionFilter{}, p)
	}) {
		out["sanction"] = append(out["sanction"], hrRow{"sanction": string(s.ID), "officer": string(s.Officer), "name": names[s.Officer], "measure": s.Measure, "label": s.Label, "status": s.Status,
			"months": s.Months, "effect_from": dayOrNull(s.From), "effect_until": dayOrNull(s.Until), "for_good": s.ForGood, "in_force": inForce[s.ID],
			"decided_on": dayOrNull(s.DecidedOn), "served_on": dayOrNull(s.ServedOn), "executed": s.Executed, "deed_on": dayOrNull(s.DeedOn),
			"rulebook": string(s.Rulebook), "rulebook_version": s.RulebookVersion, "imported": s.Imported})
	}
	for _, w := range all(t, func(p projections.Page) (*projections.List[projections.Reward], error) {
		return r.Rewards(ctx, projections.RewardFilter{}, p)
	}) {
		out["reward"] = append(out["reward"], hrRow{"reward": string(w.ID), "officer": orNull(w.Officer), "name": names[w.Officer], "unit": orNull(w.Unit), "honour": w.Honour, "merit": w.Merit,
			"status": w.Status, "granted_on": dayOrNull(w.GrantedOn), "imported": w.Imported})
	}
	return out
}

var viewsForHR = []string{"appraisal", "certificate", "personnel_record", "posting", "reward", "sanction", "timeline"}

// career adds what the drawn histories lack: years graded and corrected,
// certificates renewed and revoked, rotations put off.
func (h *house) career(seed uint64, n int) *house {
	rnd := rand.New(rand.NewPCG(seed, 8))
	h.drawn = true
	grades := domain.CN2024().Service.Grades
	for range n {
		p, grade, year := fmt.Sprint("P", 1+rnd.IntN(5)), grades[rnd.IntN(len(grades))], 2023+rnd.IntN(2)
		k := domain.PostID(fmt.Sprint("K", 1+rnd.IntN(2)))
		for _, c := range []domain.Command{
			officer.Appraise{Year: year, Grade: grade}, officer.CorrectAppraisal{Year: year, Grade: grade, Reason: "as \x00 told"},
			officer.IssueCertificate{Number: fmt.Sprint("N", rnd.IntN(9))}, officer.RenewCertificate{}, officer.SuspendCertificate{Reason: "lost"}, officer.RestoreCertificate{},
			officer.RevokeCertificate{Reason: "forged"}, officer.Appoint{Post: k, Unit: "W1", Leader: rnd.IntN(2) > 0, HighRisk: true}, officer.Rotate{To: k, Unit: "D2"},
			officer.DeferRotation{Until: domain.MustDate("2025-01-01"), Reason: "no other", Approver: "L1"},
		} {
			if rnd.IntN(3) == 0 {
				h.try("hr:R2", p, c)
			}
		}
	}
	return h
}

// What HR reads in SQL is what a reader of role HR is given: no more, no less.
func TestTheViewsForHRShowWhatHRMaySee(t *testing.T) {
	inPostgres(t)
	met := map[string]int{}
	for seed := range uint64(4) {
		h := agency(t)
		if seed > 0 {
			h.random(seed+40, 250).career(seed, 40)
		}
		dir := t.TempDir()
		v := h.viewsIn(dir)
		if seed%2 == 1 { // event by event, not at once
			if err := v.CatchUp(context.Background(), upTo{h.store, 20}, nil); err != nil {
				t.Fatal(err)
			}
		}
		h.catchUp(v)
		want := given(t, v)
		for _, view := range viewsForHR {
			got := forHR(t, databaseOf(t, dir), "SELECT * FROM hr."+view)
			met[view] += len(got)
			if diff := cmp.Diff(lines(want[view]), lines(got)); diff != "" {
				t.Errorf("seed %d: what a reader is given (-) and hr.%s (+) differ:\n%s", seed, view, diff)
			}
		}
	}
	for _, view := range viewsForHR {
		if met[view] == 0 {
			t.Errorf("hr.%s was empty: nothing is shown of it", view)
		}
	}
	t.Log(met)
}
