// Package screening is the statistics of early warning (预警, article D10) over
// the ledger: which of an agency's acts are compared, with whose, and what
// stands out. What standing out means is package outlier's.
//
// A [Case] is one administrative act as it is compared, folded from the events
// about it. A [Screen] takes the cases of a window of whole months and returns
// [Finding]s: what stands out among peers, and what has changed.
//
// What holds of every finding:
//
//   - Peers are those who work by the same procedure in the same agency,
//     whatever their unit. A spell is an officer in one unit by one procedure:
//     who changes posts in mid-period begins another, and each is judged by what
//     was done in it. Where peers are fewer than the rulebook wants, nothing is
//     compared.
//   - What is compared among peers are the months of a window, all of them
//     together, and everything that is compared in a run is judged together. What
//     has changed is looked for in the same months, against what was usual for the
//     officer and peers in those before. Who decides by several procedures has one
//     officer's false alarms, not several.
//   - Meetings are counted in each stream of a unit, over all its procedures; one
//     other officer is enough there, since nothing needs to be learnt of peers.
//   - Only whole months are judged, so a run repeated on another day of the
//     month finds the same, unless something was recorded late.
//   - It rests on evidence, states baseline, peers, exposure and how sure it is,
//     and says what it does not mean. It accuses nobody.
//   - Thresholds stand in the rulebook ([domain.ScreeningRules]) with their
//     source; where it sets none, nothing is found.
//   - Imported history is not compared. No sex, ethnicity or age is ever looked
//     at.
//
// Complaints are too few to tell people apart: they are no measure here. They
// make an order for review (outlier.Queue) and nothing more.
//
// To run it, make a [Screen] of the months that [Since] tells, Add every case
// once, in any order, and ask for its Findings with a [NewWatcher] that is kept
// from run to run. A finding of an earlier run is looked at again by Stands. A
// screen belongs to one goroutine; it answers with errors only what it was not
// made for.
package screening
