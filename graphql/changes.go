package graphql

import (
	"time"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/record"
)

// changes is what became of an object between two moments.
type changes struct {
	ref      domain.Ref
	from, to time.Time
}

// fileComparison is a record file at two moments; a file that was not there
// yet is nil.
type fileComparison struct {
	before, after *record.File
}

// betweenArguments are the two moments of a comparison.
func betweenArguments() []argument {
	return []argument{
		arg("from", gql.NewNonNull(scalarDateTime), "The earlier moment: as the ledger knew it then."),
		arg("to", gql.NewNonNull(scalarDateTime), "The later moment: as the ledger knew it then."),
	}
}

func (in input) between() (from, to time.Time, err error) {
	from, to = in.given("from"), in.given("to")
	if to.Before(from) {
		err = domain.Refuse(domain.CodeInvalid, "to", "lies before from")
	}
	return from, to, err
}

func (b *builder) defineChanges() {
	o := b.object("Changes", "What became of an object between two moments of the ledger.")
	state := func(name, doc string, at func(*changes) time.Time) field {
		return read(name, doc, b.subject, nil, func(r *request, c *changes, _ input) (any, error) {
			return r.reader.At(r.ctx, c.ref, projections.AsOf{Recorded: at(c)})
		})
	}
	b.define(o,
		state("before", "The object as the ledger knew it at the earlier moment; null when there was none, or when you may not see it or its history.", func(c *changes) time.Time { return c.from }),
		state("after", "The object as the ledger knew it at the later moment.", func(c *changes) time.Time { return c.to }),
		read("events", "What happened to it in between, as the ledger learned it: recorded after the earlier moment, up to the later.", b.timeline, paged(), func(r *request, c *changes, in input) (any, error) {
			f := projections.EventFilter{As: []string{"subject"}, Order: projections.RecordedAsc, RecordedFrom: c.from.Add(time.Microsecond), RecordedTo: c.to}
			return listed(in, f, func(f projections.EventFilter, p projections.Page) (*projections.List[projections.TimelineEntry], error) {
				return r.touching(c.ref, f, p)
			})
		}))
	b.define(b.query, rooted("changes", "What became of an object between two moments: its state at each, and the events that made the difference.", o,
		append([]argument{arg("ref", gql.NewNonNull(b.refInput), "Which object.")}, betweenArguments()...),
		func(r *request, in input) (any, error) {
			from, to, err := in.between()
			ref := in.object("ref")
			return &changes{domain.Ref{Type: ref.text("type"), ID: ref.text("id")}, from, to}, err
		}))
	b.defineFileComparison()
}

// defineFileComparison compares the record file of an officer at two moments.
func (b *builder) defineFileComparison() {
	section := b.enum("FileSection", "A part of a record file.",
		v(record.SectionIdentity, "Who the officer is."), v(record.SectionStatus, "The stage of service."), v(record.SectionBarred, "Whether an open inquiry bars transfer, promotion, reward and retirement."),
		v(record.SectionPosts, "Posts held."), v(record.SectionRanks, "Ranks."), v(record.SectionSuspensions, "Suspensions from duty."),
		v(record.SectionCertificates, "Certificates."), v(record.SectionTraining, "Hours of training by year."), v(record.SectionCourses, "Courses."),
		v(record.SectionAppraisals, "Appraisals."), v(record.SectionIndicators, "What years are graded by."), v(record.SectionInterests, "Declared interests."),
		v(record.SectionRestrictions, "What sanctions bar."), v(record.SectionInquiries, "Open inquiries."), v(record.SectionSanctions, "Sanctions."),
		v(record.SectionRewards, "Honours."), v(record.SectionFindings, "Findings."), v(record.SectionComplaints, "Complaints."), v(record.SectionReadings, "Who read the file."))
	difference := b.enum("FileDifference", "What became of an entry.",
		v(record.Added, "It was not there before."), v(record.Removed, "It is there no more."), v(record.Changed, "It says something else."))
	change := b.object("FileChange", "An entry of a record file that differs.")
	b.define(change,
		choice("section", "Where it stands.", section, func(c *record.Change) record.Section { return c.Section }),
		choice("difference", "What became of it.", difference, func(c *record.Change) record.Difference { return c.Difference }),
		text("key", "Which entry of the section: the id of what it is about, the number of a certificate, a year, or the id of the event behind it.", func(c *record.Change) string { return c.Key }),
		optionalID("eventId", "The event behind the entry as it stands later, or as it stood when it was removed; null where there is no single one.", func(c *record.Change) domain.EventID { return c.Event }),
		related("event", "That event; null when you may not see it.", b.event, loadEvent, func(c *record.Change) domain.EventID { return c.Event }))
	o := b.object("RecordFileComparison", "The record file of an officer at two moments.")
	file := func(name, doc string, get func(*fileComparison) *record.File) field {
		return plain(name, doc, b.recordFile, func(c *fileComparison) any {
			if f := get(c); f != nil {
				return f
			}
			return nil
		})
	}
	b.define(o,
		file("before", "The file as the ledger knew it at the earlier moment; null when there was none.", func(c *fileComparison) *record.File { return c.before }),
		file("after", "The file as the ledger knew it at the later moment.", func(c *fileComparison) *record.File { return c.after }),
		listing("changes", "The entries that were added, removed or changed, section by section.", change, func(c *fileComparison) []record.Change {
			none := &record.File{}
			before, after := c.before, c.after
			if before == nil {
				before = none
			}
			if after == nil {
				after = none
			}
			return record.Compare(before, after)
		}))
	b.define(b.officer, read("recordFileComparison", "The personnel record file at two moments, and what differs. Null when you may not see it, or when there was none at the later moment.", o, betweenArguments(),
		func(r *request, officer *projections.Officer, in input) (any, error) {
			from, to, err := in.between()
			if err != nil {
				return nil, err
			}
			after, err := r.reader.RecordFile(r.ctx, officer.ID, projections.AsOf{Recorded: to})
			if after == nil || err != nil {
				return nil, err
			}
			r.opens(officer.ID)
			before, err := r.reader.RecordFile(r.ctx, officer.ID, projections.AsOf{Recorded: from})
			return &fileComparison{before, after}, err
		}))
}
