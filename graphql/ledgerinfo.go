package graphql

import (
	"time"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// defineLedger are the questions for the ledger itself: search, statistics,
// how far the views are, and who asks.
func (b *builder) defineLedger() {
	b.define(b.query,
		rooted("statistics", "Counts of what is on file, for every role.", b.statistics,
			[]argument{
				arg("unit", gql.ID, "Within this unit and everything below it."),
				arg("receivedFrom", scalarDate, "Complaints received on this day or later, and what was found of them."),
				arg("receivedTo", scalarDate, "Complaints received on this day or earlier, and what was found of them."),
			},
			func(r *request, in input) (any, error) {
				return found(r.reader.Statistics(r.ctx, projections.StatisticsFilter{
					Unit: domain.UnitID(in.text("unit")), ReceivedFrom: in.day("receivedFrom"), ReceivedTo: in.day("receivedTo"),
				}))
			}),
		rooted("ledger", "The ledger and the views that answer from it.", b.ledger, nil,
			func(r *request, _ input) (any, error) { return r, nil }),
		rooted("me", "Who is asking.", must(b.me), nil,
			func(r *request, _ input) (any, error) { who := r.reader.Principal(); return &who, nil }))

	b.defineSearch()
	b.define(b.ledger,
		word("origin", "The ledger's name, part of every signed event.", func(r *request) string { return r.service.config.Codec.Origin() }),
		read("position", "Up to where the views have followed the ledger.", scalarLong, nil, func(r *request, _ *request, _ input) (any, error) {
			return r.reader.Position(r.ctx)
		}),
		plain("rebuilding", "The rebuild of the views that runs just now; null when none does. Meanwhile all answers are those of the views as they stood when it began.", b.rebuilding,
			func(r *request) any {
				if now := r.service.config.Views.Rebuilding(); now != nil {
					return now
				}
				return nil
			}),
		read("projections", "The views.", listOf(b.projection), nil, func(r *request, _ *request, _ input) (any, error) {
			progress, err := r.reader.Positions(r.ctx)
			return pointers(progress), err
		}))
	b.define(b.rebuilding,
		moment("since", "When it began.", func(x *projections.Rebuilding) time.Time { return x.Since }),
		plain("position", "Up to where it has come.", must(scalarLong), func(x *projections.Rebuilding) any { return x.Position }))
	b.define(b.projection,
		word("name", "Its name.", func(p *projections.Progress) string { return p.Name }),
		number("version", "Its version; another version is rebuilt from the ledger.", func(p *projections.Progress) int { return p.Version }),
		long("position", "Up to where it has followed the ledger.", func(p *projections.Progress) ledger.Position { return p.Position }))
	b.define(b.me,
		optionalID("subject", "The sign-in name; null for the public.", func(p *projections.Principal) string { return p.Subject }),
		choice("role", "The role asked in.", b.role, func(p *projections.Principal) domain.Role { return p.Role }),
		plain("machine", "Whether a program asks with credentials of its own, and no person.", must(gql.Boolean), func(p *projections.Principal) any { return p.Machine }),
		plain("units", "The units in scope, each with everything below it; \"*\" means all.", mustList(gql.ID), func(p *projections.Principal) any { return p.Units }),
		related("officer", "The officer of that name, if you are one.", b.officer, loadOfficer, func(p *projections.Principal) domain.OfficerID {
			return domain.OfficerID(p.Subject)
		}))
	b.defineStatistics()
}

func (b *builder) defineStatistics() {
	type statistics = projections.Statistics
	buckets := func(name, doc string, words *enum, get func(*statistics) []bucket) field {
		return plain(name, doc, mustList(b.bucket), func(s *statistics) any { return counted(get(s), words) })
	}
	b.define(b.statistics,
		buckets("totals", "How many there are of each kind of object that you may count.", nil, func(s *statistics) []bucket { return s.Totals }),
		buckets("complaintsByYear", "Complaints by the year of receipt.", nil, func(s *statistics) []bucket { return s.ComplaintsByYear }),
		buckets("complaintsByCategory", "Complaints by category.", nil, func(s *statistics) []bucket { return s.ComplaintsByCategory }),
		buckets("complaintsByResult", "Complaints by result; values are names of ComplaintResult.", b.complaintResult, func(s *statistics) []bucket { return s.ComplaintsByResult }),
		buckets("findingsByResult", "Findings by result; values are names of FindingResult.", b.findingResult, func(s *statistics) []bucket { return s.FindingsByResult }),
		buckets("findingsByDiscipline", "Findings by discipline; values are names of Discipline.", b.discipline, func(s *statistics) []bucket { return s.FindingsByDiscipline }),
		buckets("sanctionsByMeasure", "Sanctions by measure.", nil, func(s *statistics) []bucket { return s.SanctionsByMeasure }))
}
