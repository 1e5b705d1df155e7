// Package outlier tells what stands out among peers, and how sure that is: the
// statistics behind early warning (预警, article D10), without a ledger.
//
// What is compared are shares (so many steps skipped of so many taken) and
// rates (so many complaints in so many months of duty), each with its exposure,
// among peers: who holds the like post, works in the like stream. Peers differ
// among themselves without anything being wrong. So [FitShares] and [FitRates]
// measure first how much they differ (beta-binomial, gamma-Poisson); a count is
// then judged by the exact tail of what the model predicts for one more peer
// with that exposure ([Share.Tail], [Rate.Tail]), and its own value is shown
// shrunken towards its peers ([Share.Posterior]). Few cases never stand out by
// much, however extreme.
//
// Many comparisons at once find something by chance. [Discoveries] keeps the
// expected part of false ones among what a run reports below a limit (Benjamini
// and Hochberg 1995).
//
// A change in time is seen by a [Chart], a CUSUM of log-likelihood ratios (Page
// 1954, Steiner et al. 2000), whose limit [Calibrate] finds by simulation for a
// stated rate of false alarms.
//
// Discretion is compared by [FitMeans] (amounts against those of like cases),
// two who meet too often by [Meetings].
//
// What is told of it comes with how sure it is: [Count.Interval] for a part of
// cases, [Waited] for a time that some have not come to the end of.
//
// Nothing here says that anybody did wrong. A tail tells how seldom such a count
// comes about among peers who differ as these do; reasons that the model does
// not know, such as a harder district, look just the same.
//
// All functions are pure and safe for concurrent use; what needs chance takes a
// generator.
package outlier
