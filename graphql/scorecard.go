package graphql

import (
	"slices"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
	"github.com/probity-ledger/probity/projections/indicators"
)

// scoredValue is an indicator on a scorecard, by which its events are found.
type scoredValue struct {
	indicators.Value
	card *projections.Scorecard
}

// scoredArticle is an article on a scorecard.
type scoredArticle struct {
	*projections.ScoredArticle
	card *projections.Scorecard
}

// defineScorecards gives the query its questions for scorecards, and a cycle
// its comparison of before and after.
func (b *builder) defineScorecards() {
	level := b.enum("ArticleLevel", "How binding an article is.",
		v(indicators.Required, "Required 应当."), v(indicators.Recommended, "Recommended 推荐."))
	card := b.scorecardType(level)
	period := []argument{
		arg("from", gql.NewNonNull(scalarDate), "The first day of the period."),
		arg("to", gql.NewNonNull(scalarDate), "The last day of the period; where it has not come yet, what happened by today counts."),
		arg("asOfPosition", scalarLong, "As the ledger knew it once the event at this position was recorded, of what had happened by then. Refused to HR and overseers."),
		arg("recordedAsOf", scalarDateTime, "As the ledger knew it at this moment, of what had happened by then. Refused to HR and overseers."),
	}
	b.define(b.query,
		rooted("scorecard", "How a unit, with everything below it, stands on the twenty articles in a period 记分卡. Null when there is no such unit, or none whose scorecard you may see. HR and overseers get whole agencies and the units they are given, by calendar quarters, half-years, years and the cycles of the unit, with small counts of what they may not see suppressed.",
			card, append([]argument{arg("unit", gql.NewNonNull(gql.ID), "The unit with everything below it.")}, period...),
			func(r *request, in input) (any, error) {
				return found(r.reader.Scorecard(r.ctx, in.scorecardOf(domain.UnitID(in.text("unit")))))
			}),
		rooted("scorecards", "The scorecards of several units, in their order, without those that you may not see.", listOf(card),
			append([]argument{arg("units", gql.NewNonNull(gql.NewList(gql.NewNonNull(gql.ID))), "The units, each with everything below it; at most 20."), atMost(mostScorecards)}, period...),
			func(r *request, in input) (any, error) { return r.scorecards(in) }))
	b.defineComparison(level)
}

// mostScorecards is how many scorecards one question may ask for.
const mostScorecards = 20

func (in input) scorecardOf(unit domain.UnitID) projections.ScorecardOf {
	at, _ := in["asOfPosition"].(uint64)
	return projections.ScorecardOf{Unit: unit, From: in.day("from"), To: in.day("to"), Position: ledger.Position(at), Recorded: in.moment("recordedAsOf")}
}

func (r *request) scorecards(in input) (any, error) {
	units := in.texts("units")
	if len(units) > mostScorecards {
		return nil, domain.Refuse(domain.CodeInvalid, "units", "are %d, at most %d may be asked for together", len(units), mostScorecards)
	}
	var of []projections.ScorecardOf
	for _, u := range units {
		of = append(of, in.scorecardOf(domain.UnitID(u)))
	}
	cards, err := r.reader.Scorecards(r.ctx, of)
	if err != nil {
		return nil, err
	}
	out := []*projections.Scorecard{}
	for _, o := range of {
		if c := cards[o]; c != nil {
			out = append(out, c)
		}
	}
	return cut(out, in)
}

func (b *builder) scorecardType(level *enum) *gql.Object {
	type card = projections.Scorecard
	article := b.scoredArticleType(level)
	o := b.object("Scorecard", "How a unit, with everything below it, stands on the twenty articles in a period 记分卡.")
	b.define(o,
		related("unit", "The unit.", b.unit, loadUnit, func(c *card) domain.UnitID { return c.Unit }),
		id("unitId", "The id of the unit.", func(c *card) domain.UnitID { return c.Unit }),
		day("from", "The first day of the period.", func(c *card) domain.Date { return c.From }),
		day("to", "The last day of the period.", func(c *card) domain.Date { return c.To }),
		day("until", "The last day that counts: the last of the period, or that of asking where the period has not ended.", func(c *card) domain.Date { return c.Until }),
		long("position", "The last event that was known.", func(c *card) ledger.Position { return c.Known }),
		field{name: "articles", doc: "The articles, in their order.", typ: mustList(article),
			args: []argument{arg("only", gql.NewList(gql.NewNonNull(gql.String)), "Only these articles, as in \"I1\"."), atMost(20)},
			resolve: func(p gql.ResolveParams) (any, error) {
				return chosen(p.Source.(*card), input(p.Args))
			}})
	return o
}

// chosen are the articles asked for, all of them where none is named.
func chosen(c *projections.Scorecard, in input) (any, error) {
	only := in.texts("only")
	out := []*scoredArticle{}
	for i := range c.Articles {
		a := &c.Articles[i]
		if _, given := in["only"]; !given || in["only"] == nil || slices.Contains(only, string(a.ID)) {
			out = append(out, &scoredArticle{a, c})
		}
	}
	for _, id := range only {
		if !slices.Contains(articleIDs(c), id) {
			return nil, domain.Refuse(domain.CodeInvalid, "only", "there is no article %q; they are I1 to I10 and D1 to D10", id)
		}
	}
	return cut(out, in)
}

func articleIDs(c *projections.Scorecard) (out []string) {
	for i := range c.Articles {
		out = append(out, string(c.Articles[i].ID))
	}
	return out
}

func (b *builder) scoredArticleType(level *enum) *gql.Object {
	indicator := b.indicatorType()
	o := b.object("ScoredArticle", "One article of the Guide on a scorecard.")
	b.define(o,
		word("article", "The article, I1 to I10 on integrity 廉, D1 to D10 on diligence 勤.", func(a *scoredArticle) domain.Article { return a.ID }),
		word("title", "Its title.", func(a *scoredArticle) string { return a.Name }),
		word("titleZh", "Its title in Chinese.", func(a *scoredArticle) string { return a.Chinese }),
		choice("level", "How binding it is.", level, func(a *scoredArticle) indicators.Level { return a.Level }),
		plain("score", "From 0 to 100, the mean of its scored indicators; null where nothing was there to be measured, or when suppressed. Rounded to fives where it rests on suppressed counts.", gql.Int, func(a *scoredArticle) any {
			return orNone(a.Score)
		}),
		flag("suppressed", "The score rests on fewer than five cases of what you may not see, and is not told.", func(a *scoredArticle) bool { return a.Suppressed }),
		number("warnings", "How many of its warning conditions are met.", func(a *scoredArticle) int { return a.Warned() }),
		field{name: "indicators", doc: "Its indicators.", typ: mustList(indicator), args: []argument{atMost(4)}, resolve: func(p gql.ResolveParams) (any, error) {
			a := p.Source.(*scoredArticle)
			out := make([]*scoredValue, len(a.Values))
			for i, v := range a.Values {
				out[i] = &scoredValue{v, a.card}
			}
			return cut(out, p.Args)
		}})
	return o
}

func orNone(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

// share is a number in hundredths of a per cent as a per cent.
func share(hundredths int) float64 { return float64(hundredths) / 100 }

func (b *builder) indicatorType() *gql.Object {
	direction := b.enum("IndicatorDirection", "Which way an indicator is better.",
		v(indicators.Higher, "More is better."), v(indicators.Lower, "Less is better."))
	counting := b.enum("IndicatorCounting", "Which facts of an indicator are meant.",
		v(projections.CountingHits, "Those counted in the numerator."), v(projections.CountingRest, "Those of which less than the exposure counted."))
	type value = scoredValue
	suppressed := func(x *value) bool { return x.Suppressed }
	o := b.object("Indicator", "One indicator of an article.")
	b.define(o,
		word("id", "The article and a word, as in \"I1.on_time\".", func(x *value) string { return x.ID }),
		word("name", "Its name.", func(x *value) string { return x.Name }),
		word("nameZh", "Its name in Chinese.", func(x *value) string { return x.Chinese }),
		word("numeratorText", "What the numerator counts.", func(x *value) string { return x.Numerator }),
		word("denominatorText", "What the denominator counts: the exposure.", func(x *value) string { return x.Denominator }),
		told("numerator", "The numerator; null when suppressed.", gql.Int, func(x *value) any { n, _ := x.Counts(); return int(n) }, suppressed),
		told("denominator", "The denominator; 0 where nothing was there to be measured, null when suppressed.", gql.Int, func(x *value) any { _, n := x.Counts(); return int(n) }, suppressed),
		flag("suppressed", "You may not see what is counted, and the counts are small enough to lead back to a person, would let such be worked out, or are of a period that is not over; they are not told.",
			suppressed),
		plain("value", "The one of the other, in per cent to two places; null without a denominator, and when suppressed.", gql.Float, func(x *value) any {
			if !x.Known() {
				return nil
			}
			return share(x.Share)
		}),
		choice("direction", "Which way it is better.", direction, func(x *value) indicators.Direction { return x.Direction }),
		flag("asOfTheEnd", "It counts what stands on the last day; otherwise what happened over all days.", func(x *value) bool { return x.Stock }),
		flag("scored", "It is part of the score of its article.", func(x *value) bool { return !x.Unscored }),
		plain("warning", "Its warning condition; null where the rulebook sets none, or where fewer than five suppressed cases would be told of.", b.indicatorWarning(), func(x *value) any {
			if !x.Warning.Set {
				return nil
			}
			return &x.Warning
		}),
		field{name: "events", doc: "The events that established what is counted, as far as you may see them, the last recorded first. Behind a missed deadline stands the event that started it.",
			typ: listOf(b.event), args: []argument{
				arg("first", gql.Int, "At most so many, 1 to 500; 20 when absent."),
				arg("below", scalarLong, "Only those recorded before this position: the last one got so far."),
				arg("counting", counting.typ, "Only those behind these facts; all when absent."),
			}, resolve: loading(func(r *request, p gql.ResolveParams) (any, error) { return behind(r, p.Source.(*value), p.Args) })})
	return o
}

// defaultBehind is how many events behind an indicator are given.
const defaultBehind = 20

// behind puts the question for the events with those of the other indicators.
func behind(r *request, x *scoredValue, in input) (any, error) {
	below, _ := in["below"].(uint64)
	of := projections.BehindOf{Card: x.card, Indicator: x.ID, Counting: projections.Counting(in.text("counting")), First: defaultBehind, Below: ledger.Position(below)}
	if n, given := in["first"].(int); given {
		if of.First = n; n < 1 {
			return nil, domain.Refuse(domain.CodeInvalid, "first", "must lie between 1 and %d", projections.MaxPage)
		}
	}
	return all(r, &r.rooms().behind, of, nil)
}

func (b *builder) indicatorWarning() *gql.Object {
	type condition = indicators.Warning
	o := b.object("IndicatorWarning", "The warning condition of an indicator.")
	b.define(o,
		flag("met", "The limit is passed.", func(w *condition) bool { return w.Met }),
		plain("limit", "In per cent: the least where more is better, the most where less is.", must(gql.Float), func(w *condition) any { return share(w.Limit) }),
		word("source", "Where the limit is written.", func(w *condition) string { return w.Source }),
		word("text", "How it stands, in plain words.", func(w *condition) string { return w.Text }))
	return o
}

func (b *builder) defineComparison(level *enum) {
	type line = projections.Comparison
	score := func(name, doc string, get func(*line) *int) field {
		return plain(name, doc, gql.Int, func(x *line) any { return orNone(get(x)) })
	}
	o := b.object("ArticleComparison", "One article of a cycle before and after: as the agency assessed itself, and as the facts show it.")
	b.define(o,
		word("article", "The article.", func(x *line) domain.Article { return x.ID }),
		word("title", "Its title.", func(x *line) string { return x.Name }),
		word("titleZh", "Its title in Chinese.", func(x *line) string { return x.Chinese }),
		choice("level", "How binding it is.", level, func(x *line) indicators.Level { return x.Level }),
		score("baseline", "The score the agency gave itself before; null while it gave none.", func(x *line) *int { return x.Baseline }),
		score("measuredBefore", "The score measured over the year up to the day of the baseline; null where nothing was there to be measured, or too little to be told you.", func(x *line) *int { return x.Before }),
		score("result", "The score the agency gave itself after; null while it gave none.", func(x *line) *int { return x.Result }),
		score("measuredAfter", "The score measured over the period of the cycle, up to today at most; null where nothing was there to be measured, or too little to be told you.", func(x *line) *int { return x.After }),
		flag("suppressed", "A measured score rests on fewer than five cases of what you may not see, and is not told.", func(x *line) bool { return x.Suppressed }))
	b.define(b.programme,
		day("baselineOn", "The day the baseline was assessed.", func(p *projections.Programme) domain.Date { return p.BaselineOn }),
		day("resultOn", "The day the result was evaluated.", func(p *projections.Programme) domain.Date { return p.ResultOn }),
		relatedAll("comparison", "Every article before and after, self-assessed beside measured.", o,
			func(r *request) *loader[domain.ProgrammeID, []line] { return &r.rooms().comparisons },
			func(p *projections.Programme) domain.ProgrammeID { return p.ID }))
}
