// Package alerts holds the deterministic rules of early warning (预警防控): each
// is declared once, as data ([All]), and [Keeper.Fold] turns recorded events
// into [Hit]s, the cases that a rule finds.
//
// A rule hears events of some kinds and notes what it needs of them, each note
// in the matter that it is about: an officer, a post, an act, an officer and a
// party. After each event the matters it touched are judged anew, by all their
// notes in the order in which things happened. So an event recorded late falls
// into its place, and a correction replaces what it corrects.
//
// Hits are never changed. Where an event brings other hits of a matter, those
// that no longer stand are superseded by it. A hit stands from the day From
// on; one whose fault was put right later is over on the day Until, and was
// right all the same.
//
// What holds of every rule:
//
//   - A hit rests on evidence, and names whom it is about. It accuses nobody:
//     each rule says what it does not mean.
//   - What it says it says in English and in Chinese, with the same figures.
//   - Thresholds stand in the rulebook ([domain.WarningRules]) with their
//     source; where it sets none, the rule is silent. A pattern is judged by the
//     rulebook in force on the day of its last act.
//   - Imported history is no hit, though what it tells (a certificate, the steps
//     of a procedure) is known. No sex, ethnicity or age is ever looked at.
//   - Whom a list is for goes by where the officer served, and where that unit
//     lay, on each day; who comes under it later has the whole term from then. A
//     hit names the unit of its own day.
//   - Rules that look for repeats keep the last 50 to 100 notes of a matter. What
//     was found among older ones stands for good.
//
// A clock that runs out is no matter of this package: see package clocks.
//
// To add a rule, add its block to the list. A [Keeper] is read-only once made; a
// [Matter] belongs to one goroutine.
package alerts
