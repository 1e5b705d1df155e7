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
package screening
