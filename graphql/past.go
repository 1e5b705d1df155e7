package graphql

import (
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// referrer is the id of an aggregate.
type referrer interface{ Ref() domain.Ref }

// asOfArguments ask for an earlier state.
func asOfArguments() []argument {
	const own = " Only its own state is that of then: what it leads to, such as its unit, its lists and its timeline, is shown as it stands."
	return []argument{
		arg("recordedAsOf", scalarDateTime, "As the ledger knew it then: what was recorded up to this moment."+own),
		arg("occurredAsOf", scalarDateTime, "As it was then: what had happened by this moment, as far as it is known (with another of these: was known)."),
		arg("asOfPosition", scalarLong, "As the ledger knew it up to this place."),
	}
}

// asOf reads the arguments, and whether any was given.
func (in input) asOf() (projections.AsOf, bool) {
	as := projections.AsOf{Recorded: in.given("recordedAsOf"), Occurred: in.given("occurredAsOf"), Position: in.position("asOfPosition")}
	return as, as != projections.AsOf{}
}

// given is the moment of an argument; zero only where there was none: the
// zero of time is a moment before everything.
func (in input) given(name string) time.Time {
	t, given := in[name].(time.Time)
	if given && t.IsZero() {
		t = t.Add(1)
	}
	return t
}

// past is the object as of a moment; null for one of another type, such as
// an activity asked for as a carrier.
func past[T any](r *request, of domain.Ref, as projections.AsOf) (any, error) {
	o, err := r.reader.At(r.ctx, of, as)
	if object, ok := o.(*T); ok && err == nil {
		return object, nil
	}
	return nil, err
}
