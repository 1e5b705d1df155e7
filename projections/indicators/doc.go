// Package indicators measures the twenty articles of the Guide: every
// indicator of an article is declared once, as data ([Articles]), and
// [Keeper.Fold] turns recorded events into the facts that it counts.
//
// A [Fact] is one case of an indicator: a target that was due, a certificate
// that is valid, an act that was decided. It has an exposure (Of), of which
// some part counts (Hits); the value of an indicator is the sum of the one
// over the sum of the other. A fact of a flow counts in the period that holds
// its day, a fact of a stock counts on the last day of the period if it holds
// then. The future is no fact: a deadline counts from the day after it, when
// it is certain that it was missed.
//
// Facts are never changed. When an event brings other facts of a case, those
// that no longer stand are superseded by it; so what was known after any
// event can be asked for later, late and corrected events included, without
// looking ahead.
//
// What counts for whom:
//
//   - A fact counts for the unit that answers for the matter: that of the
//     target, complaint, act or post. A person's facts count where they
//     served on the day; after a move a stock counts for the new unit. Where
//     the unit is not known the fact counts nowhere.
//   - Imported history establishes no fact: no guard and no clock of ours
//     judged it. A person or post of old records counts from the first event
//     about them that was decided here.
//   - Which officers a list of prohibited conduct of one unit is for (I6) goes
//     by the tree of units of the last event about the list or the officer; the
//     move of a unit alone changes nothing.
//   - What ended without being done, such as a complaint that was taken back,
//     is no kept deadline and no missed one.
//   - Certificates, trainings, appraisals, honours, refreshed carriers and the
//     order of activities are kept by their days, so that an event recorded
//     late falls into its place. The risks of a post are kept in the order of
//     the ledger: a late event counts from the last one on.
//
// The score of an article is the mean of its scored indicators that have
// exposure, from 0 to 100: the value in per cent where more is better, 100
// less the value where less is better, never below 0. Without exposure there
// is no score.
//
// Every number of a warning condition stands in the rulebook
// ([domain.IndicatorRules]) with its source; an indicator without a limit
// there never warns.
//
// To add an indicator, add its block to the article and let the fold set its
// facts. A [Keeper] is read-only once made; a [Matter] belongs to one
// goroutine.
package indicators
