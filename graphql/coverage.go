package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// defineCoverage is the question whom activities reached.
func (b *builder) defineCoverage() {
	type coverage = projections.ActivityCoverage
	type run = projections.ActivityRun
	runs := b.object("ActivityRun", "Activities of one kind that a unit held in a row in one format.")
	b.define(runs,
		related("unit", "The unit.", b.unit, loadUnit, func(x *run) domain.UnitID { return x.Unit }),
		choice("kind", "The kind.", b.activityKind, func(x *run) string { return x.Kind }),
		choice("format", "The format.", b.activityFormat, func(x *run) string { return x.Format }),
		number("length", "How many they are.", func(x *run) int { return len(x.Activities) }),
		relatedEach("activities", "Which they are, in order.", b.activity, loadActivity, func(x *run) []domain.ActivityID { return x.Activities }))
	type repeated = projections.RepeatedMinutes
	minutes := b.object("RepeatedMinutes", "Activities with the very same minutes 走过场.")
	b.define(minutes,
		word("digest", "The SHA-256 of the minutes.", func(x *repeated) string { return x.Digest }),
		relatedEach("activities", "Which they are, the first held first.", b.activity, loadActivity, func(x *repeated) []domain.ActivityID { return x.Activities }))
	few := func(x *coverage) bool { return x.Suppressed }
	o := b.object("ActivityCoverage", "Whom the activities of a period reached, and how varied they were (articles I2, I7, D8).")
	b.define(o,
		related("unit", "The unit, with everything below it; null for all in your scope.", b.unit, loadUnit, func(x *coverage) domain.UnitID { return x.Unit }),
		day("from", "The first day of the period.", func(x *coverage) domain.Date { return x.From }),
		day("to", "The last day of the period.", func(x *coverage) domain.Date { return x.To }),
		choice("kind", "The kind of activity; null for all.", b.activityKind, func(x *coverage) string { return x.Kind }),
		told("officers", "The officers of the unit, as it stands today, who were in the service on a day of the period; null when they are fewer than five and you an overseer.", gql.Int,
			func(x *coverage) any { return x.Officers }, func(x *coverage) bool { return x.OfficersSuppressed }),
		told("attended", "Those of them who came to at least one activity, of any unit; null when suppressed.", gql.Int, func(x *coverage) any { return x.Attended }, few),
		told("share", "Their share, in per cent, to two places; 0 of nobody, null when suppressed.", gql.Float, func(x *coverage) any { return share(x.Share) }, few),
		flag("suppressed", "Fewer than five came, or did not, and you are an overseer: neither is told.", few),
		number("activities", "The activities held by the unit, or with one of its officers.", func(x *coverage) int { return x.Activities }),
		number("hours", "Their hours together.", func(x *coverage) int { return x.Hours }),
		number("formats", "How many formats they have.", func(x *coverage) int { return len(x.Formats) }),
		plain("byFormat", "How many there are of each format, the most frequent first; values are names of ActivityFormat.", mustList(b.bucket),
			func(x *coverage) any { return counted(x.Formats, b.activityFormat) }),
		plain("longestRun", "The most of one kind in a row that one unit held in one and the same format; null when nothing was held.", runs, func(x *coverage) any {
			if len(x.LongestRun.Activities) == 0 {
				return nil
			}
			return &x.LongestRun
		}),
		number("repeated", "How many have the very minutes of an activity held before.", func(x *coverage) int { return x.Repeated }),
		listing("repeatedMinutes", "The minutes that were used more than once up to the end of the period.", minutes, func(x *coverage) []repeated { return x.RepeatedMinutes }),
		number("silent", "How many were attended without anybody contributing.", func(x *coverage) int { return x.Silent }),
		number("unnamed", "How many are from old records, which do not name who came.", func(x *coverage) int { return x.Unnamed }))
	b.define(b.query, rooted("activityCoverage", "Whom activities reached, and how varied they were. Null when you may not see the unit's activities. An overseer asks for whole agencies or the units they are given, and for calendar quarters, half-years or years.", o,
		[]argument{
			argUnitBelow,
			arg("from", gql.NewNonNull(scalarDate), "The first day of the period."),
			arg("to", gql.NewNonNull(scalarDate), "The last day of the period."),
			arg("kind", b.activityKind.typ, "The kind of activity; all when absent."),
		},
		func(r *request, in input) (any, error) {
			return found(r.reader.ActivityCoverage(r.ctx, domain.UnitID(in.text("unit")), in.day("from"), in.day("to"), in.text("kind")))
		}))
}

// told is a field that is null where it is hidden.
func told[T any](name, doc string, typ gql.Output, get func(*T) any, hidden func(*T) bool) field {
	return plain(name, doc, typ, func(x *T) any {
		if hidden(x) {
			return nil
		}
		return get(x)
	})
}

// defineConcentration is the question how complaints gather on officers.
func (b *builder) defineConcentration() {
	type tenth = projections.Tenth
	suppressed := func(x *tenth) bool { return x.Suppressed }
	tenths := b.object("Tenth", "One tenth of the officers, those with the highest counts first. Where their number is no multiple of ten, the first k tenths hold k tenths of it, rounded up.")
	b.define(tenths,
		number("officers", "How many officers it has.", func(x *tenth) int { return x.Officers }),
		told("count", "What they hold together; null when suppressed.", gql.Int, func(x *tenth) any { return x.Count }, suppressed),
		told("share", "Their share of all, in per cent, to two places; null when suppressed.", gql.Float, func(x *tenth) any { return share(x.Share) }, suppressed),
		told("cumulative", "The share up to and with this tenth, in per cent, to two places; null when it holds what is suppressed.", gql.Float,
			func(x *tenth) any { return share(x.Cumulative) }, func(x *tenth) bool { return x.CumulativeSuppressed }),
		flag("suppressed", "The count is small enough to lead back to a person and is not told.", suppressed))
	type object = projections.Concentration
	sum := func(name, doc string, get func(*object) bucket) field {
		return plain(name, doc+" Null when suppressed.", gql.Int, func(x *object) any {
			if s := get(x); !s.Suppressed {
				return s.Count
			}
			return nil
		})
	}
	o := b.object("ComplaintConcentration", "How far complaints gather on few officers. A complaint counts once for each officer it is about: whom it named, whom its conclusion found responsible, whom a finding on it concerns.")
	b.define(o,
		number("officers", "The officers of the unit, as it stands today, who were in the service in the period; those without any complaint among them.", func(x *object) int { return x.Officers }),
		sum("named", "How many of them have a complaint.", func(x *object) bucket { return x.Named }),
		sum("complaints", "The complaints of all officers together.", func(x *object) bucket { return x.Complaints }),
		sum("sustained", "The findings that bore these complaints out, in whole or in part, and stand.", func(x *object) bucket { return x.Sustained }),
		listing("byComplaints", "The tenths of the officers by complaints.", tenths, func(x *object) []tenth { return x.ByComplaints }),
		listing("bySustained", "The tenths of the officers, ranked anew, by sustained findings.", tenths, func(x *object) []tenth { return x.BySustained }))
	b.define(b.query, rooted("complaintConcentration", "Which share of all complaints each tenth of the officers holds. Null when you may not count complaints; the public and overseers get it with small cells suppressed, and as a whole.", o,
		[]argument{
			argUnitBelow,
			arg("from", scalarDate, "Complaints received on this day or later, and officers in the service then."),
			arg("to", scalarDate, "Complaints received on this day or earlier, and officers in the service by then."),
		},
		func(r *request, in input) (any, error) {
			return found(r.reader.ComplaintConcentration(r.ctx, projections.ConcentrationFilter{Unit: domain.UnitID(in.text("unit")), From: in.day("from"), To: in.day("to")}))
		}))
}
