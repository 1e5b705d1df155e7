package graphql

import (
	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// mostWarningRules is how many rules are told at most. There are fewer; a code
// of old records may be anything.
const mostWarningRules = 100

// scoreTypes are what the scores of early warning have in common.
type scoreTypes struct {
	kind, gap *enum
	precision *gql.Object
}

func (b *builder) scoreTypes() scoreTypes {
	t := scoreTypes{
		kind: b.enum("WarningRuleKind", "What raises warnings.",
			v(projections.WarningByRule, "A rule over the events; see the catalogue of warning rules."),
			v(projections.WarningByMeasure, "A comparison among peers, or of what was before; see the same."),
			v(projections.WarningByClock, "A deadline of the rulebook, warned of as it runs out."),
			v(projections.WarningByOther, "A code that this program does not know, of a warning raised by hand, by another version or in old records.")),
		gap: b.enum("ScoreGap", "Why a figure is not told.",
			v(projections.GapNothingKnown, "There is nothing yet to count it from."),
			v(projections.GapTooManyWait, "So many wait still that it cannot be told."),
			v(projections.GapImported, "Old records say it in words of their own."),
			v(projections.GapSuppressed, "The counts are small enough to lead back to a person.")),
		precision: b.object("WarningPrecision", "What part of warnings was right, of those known to be right or wrong."),
	}
	type precision = projections.Precision
	missing := func(p *precision) bool { return p.Missing != "" }
	b.define(t.precision,
		told("share", "The part that was right, in per cent, to two places; null where it is not told.", gql.Float, func(p *precision) any { return share(p.Share) }, missing),
		told("low", "The lower limit of its exact 95 % interval (Clopper and Pearson 1934), in per cent.", gql.Float, func(p *precision) any { return share(p.Low) }, missing),
		told("high", "The upper limit of it.", gql.Float, func(p *precision) any { return share(p.High) }, missing),
		choice("missing", "Why it is not told; null where it is.", t.gap, func(p *precision) projections.ScoreGap { return p.Missing }))
	return t
}

// counts is a count, null where it is suppressed.
func counts[T any](name, doc string, get func(*T) bucket) field {
	return told(name, doc+" Null when suppressed.", gql.Int, func(x *T) any { return get(x).Count }, func(x *T) bool { return get(x).Suppressed })
}

// argsOfWarnings narrow the warnings that are counted.
func argsOfWarnings(own ...argument) []argument {
	return append(own, argUnitBelow,
		arg("raisedFrom", scalarDate, "First raised on this day or later."),
		arg("raisedTo", scalarDate, "First raised on this day or earlier."))
}

func (in input) warningScoreFilter() projections.WarningScoreFilter {
	return projections.WarningScoreFilter{Unit: domain.UnitID(in.text("unit")), From: in.day("raisedFrom"), To: in.day("raisedTo"), Rule: in.text("rule")}
}

// defineWarningScores is the question how the warnings of each rule turned out.
func (b *builder) defineWarningScores(t scoreTypes) {
	type wait = projections.WarningWait
	waits := b.object("WarningWait", "A time from when a warning was raised to when somebody took it up, as both are said to have happened.")
	b.define(waits,
		told("hours", "Hours of the calendar that were begun, nights and holidays included; null where they are not told. Warnings that wait still count for as long as they have (Kaplan and Meier 1958).",
			gql.Int, func(w *wait) any { return w.Hours }, func(w *wait) bool { return w.Missing != "" }),
		choice("missing", "Why it is not told; null where it is.", t.gap, func(w *wait) projections.ScoreGap { return w.Missing }))
	type score = projections.WarningScore
	o := b.object("WarningRuleScore", "How the warnings of one rule turned out: the score that the engine keeps of itself. It tells of the rule, never of a person, and nothing of what no warning was raised of.")
	b.define(o,
		word("code", "The code of the rule, as warnings bear it.", func(s *score) string { return s.Code }),
		choice("kind", "What raises warnings under it.", t.kind, func(s *score) projections.WarningRuleKind { return s.Kind }),
		text("name", "What it is called; null where it is not known.", func(s *score) string { return s.Name }),
		text("nameZh", "The same in Chinese.", func(s *score) string { return s.Chinese }),
		text("article", "The article that it serves, as in \"D1\"; null where it serves several, or is not known.", func(s *score) string { return string(s.Article) }),
		text("finds", "What it finds, in plain words.", func(s *score) string { return s.Finds }),
		text("findsZh", "The same in Chinese.", func(s *score) string { return s.FindsChinese }),
		text("notMeant", "What a warning of it does not mean: \"that …\".", func(s *score) string { return s.Not }),
		text("notMeantZh", "The same in Chinese, as what follows 不表示.", func(s *score) string { return s.NotChinese }),
		flag("imported", "These are warnings of old records, which are counted apart and never judged.", func(s *score) bool { return s.Imported }),
		wordsOf("versions", "The versions of the rule that raised them.", func(s *score) []string { return s.Versions }),
		counts("raised", "The warnings raised.", func(s *score) bucket { return s.Raised }),
		counts("again", "How often these were found once more while they were open, and grouped.", func(s *score) bucket { return s.Again }),
		counts("acknowledged", "Those that somebody took up.", func(s *score) bucket { return s.Acknowledged }),
		counts("waiting", "Those that nobody took up yet.", func(s *score) bucket { return s.Waiting }),
		counts("late", "Those not taken up by their last day, which is counted in working days: since then, or not at all.", func(s *score) bucket { return s.Late }),
		counts("escalated", "Those for a role further up to look at.", func(s *score) bucket { return s.Escalated }),
		counts("notedLater", "Those taken up, as was recorded more than a day after they are said to have been: their times rest on the word of whoever recorded it.", func(s *score) bucket { return s.NotedLater }),
		counts("actedOn", "Those acted on: something was opened.", func(s *score) bucket { return s.ActedOn }),
		counts("dismissed", "Those dismissed.", func(s *score) bucket { return s.Dismissed }),
		counts("open", "Those neither acted on nor dismissed.", func(s *score) bucket { return s.Open }),
		counts("right", "Those that were right, as came out later.", func(s *score) bucket { return s.True }),
		counts("wrong", "Those that were not.", func(s *score) bucket { return s.False }),
		counts("unclear", "Those of which it cannot be said.", func(s *score) bucket { return s.Unclear }),
		counts("notYetKnown", "Those of which nothing has come out yet.", func(s *score) bucket { return s.Unknown }),
		plain("precision", "The part that was right of those right or wrong.", must(t.precision), func(s *score) any { return &s.Precision }),
		plain("median", "Within how long half of them were taken up.", must(waits), func(s *score) any { return &s.Median }),
		plain("ninetieth", "Within how long nine in ten were.", must(waits), func(s *score) any { return &s.Ninetieth }))
	b.define(b.query, rooted("warningRules", "How the warnings of each rule turned out, of those you may see: rules, then measures, deadlines, then codes not known. "+
		"Null when you may count none. An overseer is told counts of the whole scope, or with several units given of one that neither holds another nor lies in it, as known now, with small cells suppressed. "+
		"As in `{ warningRules(raisedFrom: \"2025-01-01\") { code raised right wrong precision { share low high missing } median { hours } } }`.", listOf(o),
		append(argsOfWarnings(arg("rule", gql.String, "Exactly this rule.")), atMost(mostWarningRules)),
		func(r *request, in input) (any, error) {
			list, err := r.reader.WarningScores(r.ctx, in.warningScoreFilter())
			if err != nil || list == nil {
				return nil, err
			}
			return headOf(list, in)
		}))
}

// defineScores are the questions how early warning does.
func (b *builder) defineScores() {
	t := b.scoreTypes()
	b.defineWarningScores(t)
	b.defineFairness(t)
	b.defineReviewQueue()
}

// headOf is cut of a list that the source holds by value.
func headOf[T any](list []T, in input) (any, error) {
	some, err := cut(list, in)
	return pointers(some), err
}
