package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/access"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/record"
)

// redact takes out of a file what the principal may not know.
func (s scope) redact(f *record.File) {
	if !s.is(domain.RoleHR, domain.RoleOfficer) {
		return
	}
	f.Inquiries = nil
	if s.is(domain.RoleOfficer) {
		f.Barred = nil
	} else {
		f.Readings = nil // a reading may tell of an inquiry
	}
	for i := range f.Suspensions {
		f.Suspensions[i].Case = ""
	}
	f.Complaints = slices.DeleteFunc(f.Complaints, func(c record.Complaint) bool { return !c.Final })
	for i := range f.Complaints {
		f.Complaints[i].Summary = ""
	}
	f.Findings = slices.DeleteFunc(f.Findings, func(x record.Finding) bool { return x.Result == string(misconduct.ResultPending) })
	f.Sanctions = slices.DeleteFunc(f.Sanctions, func(x record.Sanction) bool {
		status := sanction.Status(x.Status)
		if s.is(domain.RoleHR) {
			return !slices.Contains(decided, status)
		}
		return slices.Contains(untold, status)
	})
}

// shown are the entries of the matters that are left in a redacted copy: the
// number of events alone would tell of a complaint or an inquiry that nobody
// has told the officer of. HR knows that the officer is barred, and so that
// an inquiry is open; each counts as the event that opened it.
func (s scope) shown(f *record.File, whole *folded) []record.Entry {
	streams, opened := map[string]bool{}, map[domain.EventID]bool{}
	show := func(room *domain.Aggregate, id string) { streams[domain.Ref{Type: room.Name, ID: id}.Stream()] = true }
	show(officer.Room, string(f.Officer))
	if f.Readings != nil {
		show(access.Room, string(f.Officer))
	}
	for _, x := range f.Complaints {
		show(complaint.Room, string(x.ID))
	}
	for _, x := range f.Findings {
		show(misconduct.Room, string(x.Case))
	}
	for _, x := range f.Inquiries {
		show(misconduct.Room, string(x.Case))
	}
	for _, x := range f.Sanctions {
		show(sanction.Room, string(x.ID))
	}
	for _, x := range f.Rewards {
		show(reward.Room, string(x.ID))
	}
	if s.is(domain.RoleHR) {
		for _, x := range whole.file.Inquiries { // before they were taken out
			opened[x.Event] = true
		}
	}
	quiet := s.is(domain.RoleHR, domain.RoleOfficer)
	var out []record.Entry
	for _, e := range whole.entries {
		show := streams[e.stream]
		if quiet && slices.Contains(inquiryKinds, e.kind) {
			show = opened[e.id]
		}
		if show {
			out = append(out, record.Entry{Position: e.position, Recorded: domain.Recorded{ID: e.id}})
		}
	}
	return out
}

// recuseFrom takes out of another's file the complaints, findings and
// sanctions of matters in which the principal is concerned as well.
func (r *Reader) recuseFrom(ctx context.Context, s scope, f *record.File) error {
	var complaints, cases []string
	for _, c := range f.Complaints {
		complaints = append(complaints, string(c.ID))
	}
	for _, x := range f.Findings {
		complaints, cases = append(complaints, string(x.Complaint)), append(cases, string(x.Case))
	}
	for _, x := range f.Sanctions {
		cases = append(cases, string(x.Case))
	}
	for _, x := range f.Inquiries {
		cases = append(cases, string(x.Case))
	}
	for _, x := range f.Suspensions {
		cases = append(cases, string(x.Case))
	}
	own := map[string]bool{}
	who := query.In("officer", s.recused)
	c, k := query.In("complaint", complaints), query.In("case_id", cases)
	args := slices.Concat(c.Args, who.Args, k.Args, who.Args)
	err := r.ask(ctx, "SELECT 'c' || complaint FROM complaint_officers WHERE "+c.SQL+" AND "+who.SQL+
		" UNION SELECT 'k' || case_id FROM case_officers WHERE "+k.SQL+" AND "+who.SQL, args, func(st dbRow) error {
		own[st.ColumnText(0)] = true
		return nil
	})
	if err != nil || len(own) == 0 {
		return err
	}
	f.Complaints = slices.DeleteFunc(f.Complaints, func(x record.Complaint) bool { return own["c"+string(x.ID)] })
	f.Findings = slices.DeleteFunc(f.Findings, func(x record.Finding) bool { return own["c"+string(x.Complaint)] || own["k"+string(x.Case)] })
	f.Sanctions = slices.DeleteFunc(f.Sanctions, func(x record.Sanction) bool { return own["k"+string(x.Case)] })
	f.Inquiries = slices.DeleteFunc(f.Inquiries, func(x record.Inquiry) bool { return own["k"+string(x.Case)] })
	for i := range f.Suspensions {
		if own["k"+string(f.Suspensions[i].Case)] {
			f.Suspensions[i].Case = ""
		}
	}
	return nil
}
