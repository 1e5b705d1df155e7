package graphql

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// defineReviewQueue is the question whom to look at first of those complained about.
func (b *builder) defineReviewQueue() {
	type place = projections.ReviewPlace
	places := b.object("ReviewPlace", "Where an officer stands in the order for review.")
	b.define(places,
		number("place", "From 1. Whoever weighs about the same shares it, in the order of their ids, which means nothing.", func(p *place) int { return p.Place }),
		related("officer", "The officer.", b.officer, loadOfficer, func(p *place) domain.OfficerID { return p.Officer }),
		number("reports", "The complaints about the officer that you may see.", func(p *place) int { return p.Reports }),
		number("upheld", "How many of them a finding on the officer bore out that stands.", func(p *place) int { return p.Upheld }),
		number("open", "How many of them are not concluded as to this officer.", func(p *place) int { return p.Open }),
		number("weight", "What they weigh together, in so many fresh reports of which nothing is known yet, to a whole number: "+
			"one of a category that is seldom borne out weighs less, one that was borne out more, and each fades with its age.", func(p *place) int { return p.Weight }),
		day("lastOn", "When the last was received.", func(p *place) domain.Date { return p.LastOn }),
		optionalNumber("monthsInService", "Whole months in the service up to today; null where its beginning is not on file, or today is in the first.", func(p *place) int { return p.Months }),
		number("acts", "The acts that were decided with the officer on them, which you may see: who decides much is complained about more.", func(p *place) int { return p.Acts }))
	type queue = projections.ReviewQueue
	o := b.object("ReviewQueue", "An order in which to look at officers who are complained about, never an accusation: complaints are rare, and a rare count hardly separates one person from another. "+
		"Places far apart may differ by chance alone.")
	b.define(o,
		number("officers", "How many officers in the service there are complaints about.", func(q *queue) int { return q.Officers }),
		number("reports", "These complaints, each once for each officer it is about.", func(q *queue) int { return q.Reports }),
		number("upheld", "How many of them a finding on that officer bore out that stands.", func(q *queue) int { return q.Upheld }),
		read("places", "The head of the queue; at most 500 places are told.", mustList(places), []argument{atMost(50)}, func(r *request, q *queue, in input) (any, error) {
			list, err := r.reader.Head(r.ctx, q, in.number("first"))
			return pointers(list), err
		}))
	b.define(b.query, rooted("reviewQueue", "Whom to look at first of the officers complained about, of those whom you may look at. Null when you review nobody. "+
		"As in `{ reviewQueue { places(first: 20) { place officer { id name } reports upheld monthsInService acts } } }`.", o,
		[]argument{argUnitBelow},
		func(r *request, in input) (any, error) {
			return found(r.reader.ReviewQueue(r.ctx, domain.UnitID(in.text("unit"))))
		}))
}
