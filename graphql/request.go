package graphql

import (
	"context"
	"runtime/debug"

	gql "github.com/graphql-go/graphql"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/projections"
)

// request is what the resolvers of one request share. It is the root value,
// and belongs to the one goroutine in which package plan resolves fields.
type request struct {
	ctx     context.Context
	service *Service
	reader  *projections.Reader
	// item is what a subscription has come to.
	item *item
	// held: the reader holds a snapshot, and nothing else may ask the views.
	held bool
	// opened are the officers whose record file the answer shows, in the order
	// in which they were met; isOpen is the set of them.
	opened []domain.OfficerID
	isOpen map[domain.OfficerID]bool

	officers   loader[domain.OfficerID, *projections.Officer]
	units      loader[domain.UnitID, *projections.Unit]
	posts      loader[domain.PostID, *projections.Post]
	complaints loader[domain.ComplaintID, *projections.Complaint]
	cases      loader[domain.CaseID, *projections.Case]
	sanctions  loader[domain.SanctionID, *projections.Sanction]
	rewards    loader[domain.RewardID, *projections.Reward]
	events     loader[domain.EventID, *projections.Event]

	counts              loader[domain.OfficerID, projections.OfficerCounts]
	findingsOfOfficer   loader[domain.OfficerID, []projections.Finding]
	findingsOfComplaint loader[domain.ComplaintID, []projections.Finding]
	findingsOfCase      loader[domain.CaseID, []projections.Finding]
	sanctionsOfOfficer  loader[domain.OfficerID, []projections.Sanction]
	sanctionsOfCase     loader[domain.CaseID, []projections.Sanction]
	rewardsOfOfficer    loader[domain.OfficerID, []projections.Reward]
	casesOfComplaint    loader[domain.ComplaintID, []projections.Case]
	casesOfInspection   loader[domain.InspectionID, []projections.Case]
	unitsBelow          loader[domain.UnitID, []projections.Unit]
}

func newRequest(ctx context.Context, reader *projections.Reader, service *Service) *request {
	r := &request{ctx: ctx, service: service, reader: reader}
	r.officers.by(reader, (*projections.Reader).OfficersByID)
	r.units.by(reader, (*projections.Reader).UnitsByID)
	r.posts.by(reader, (*projections.Reader).PostsByID)
	r.complaints.by(reader, (*projections.Reader).ComplaintsByID)
	r.cases.by(reader, (*projections.Reader).CasesByID)
	r.sanctions.by(reader, (*projections.Reader).SanctionsByID)
	r.rewards.by(reader, (*projections.Reader).RewardsByID)
	r.events.by(reader, (*projections.Reader).EventsByID)
	r.counts.by(reader, (*projections.Reader).OfficerCounts)
	r.findingsOfOfficer.by(reader, (*projections.Reader).FindingsByOfficer)
	r.findingsOfComplaint.by(reader, (*projections.Reader).FindingsByComplaint)
	r.findingsOfCase.by(reader, (*projections.Reader).FindingsByCase)
	r.sanctionsOfOfficer.by(reader, (*projections.Reader).SanctionsByOfficer)
	r.sanctionsOfCase.by(reader, (*projections.Reader).SanctionsByCase)
	r.rewardsOfOfficer.by(reader, (*projections.Reader).RewardsByOfficer)
	r.casesOfComplaint.by(reader, (*projections.Reader).CasesByComplaint)
	r.casesOfInspection.by(reader, (*projections.Reader).CasesByInspection)
	r.unitsBelow.by(reader, (*projections.Reader).UnitsByParent)
	return r
}

// of returns the request that a field is resolved in.
func of(p gql.ResolveParams) *request { return p.Info.RootValue.(*request) }

// loading makes the resolver of a field that has to be loaded: it stops when
// the request has ended, and a panic becomes an error with its stack.
func loading(load func(*request, gql.ResolveParams) (any, error)) gql.FieldResolveFn {
	return func(p gql.ResolveParams) (out any, err error) {
		defer catch(&err)
		r := of(p)
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		return load(r, p)
	}
}

// catch turns a panic into an error; defer it.
func catch(err *error) {
	if cause := recover(); cause != nil {
		*err = &panicked{cause, debug.Stack()}
	}
}

// loader loads values by key, all keys asked for so far at once. Resolvers
// ask while package plan walks the query and return a function; it calls those
// functions when it can get no further without them.
type loader[K comparable, V any] struct {
	reader *projections.Reader
	fetch  func(*projections.Reader, context.Context, []K) (map[K]V, error)

	waiting []K
	known   map[K]bool // waiting or loaded
	loaded  map[K]V
	failed  map[K]error
}

// by sets how values are loaded.
func (l *loader[K, V]) by(reader *projections.Reader, fetch func(*projections.Reader, context.Context, []K) (map[K]V, error)) {
	l.reader, l.fetch = reader, fetch
}

// want puts the key on the list for the next fetch.
func (l *loader[K, V]) want(key K) {
	if l.known[key] {
		return
	}
	if l.known == nil {
		l.known, l.loaded, l.failed = map[K]bool{}, map[K]V{}, map[K]error{}
	}
	l.known[key] = true
	l.waiting = append(l.waiting, key)
}

// get returns the value of a wanted key, found false when there is none.
func (l *loader[K, V]) get(ctx context.Context, key K) (value V, found bool, err error) {
	if len(l.waiting) > 0 {
		l.load(ctx)
	}
	value, found = l.loaded[key]
	return value, found, l.failed[key]
}

func (l *loader[K, V]) load(ctx context.Context) {
	keys := l.waiting
	l.waiting = nil
	values, err := l.fetched(ctx, keys)
	for _, key := range keys {
		if err != nil {
			l.failed[key] = err
		} else if value, ok := values[key]; ok {
			l.loaded[key] = value
		}
	}
}

func (l *loader[K, V]) fetched(ctx context.Context, keys []K) (values map[K]V, err error) {
	defer catch(&err)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return l.fetch(l.reader, ctx, keys)
}

// one is the lazy value of a single key; null when there is none.
func one[K comparable, V any](r *request, l *loader[K, V], key K) (any, error) {
	var none K
	if key == none {
		return nil, nil
	}
	l.want(key)
	return func() (any, error) {
		value, found, err := l.get(r.ctx, key)
		if err != nil || !found {
			return nil, err
		}
		return value, nil
	}, nil
}

// several is the lazy list of the values of some keys, in their order,
// without those there are none for.
func several[K comparable, V any](r *request, l *loader[K, V], keys []K) (any, error) {
	for _, key := range keys {
		l.want(key)
	}
	return func() (any, error) {
		out := make([]V, 0, len(keys))
		for _, key := range keys {
			value, found, err := l.get(r.ctx, key)
			if err != nil {
				return nil, err
			}
			if found {
				out = append(out, value)
			}
		}
		return out, nil
	}, nil
}

// all is the lazy list that belongs to a key, less what keep refuses; keep
// may be nil.
func all[K comparable, V any](r *request, l *loader[K, []V], key K, keep func(*V) bool) (any, error) {
	l.want(key)
	return func() (any, error) {
		values, _, err := l.get(r.ctx, key)
		if err != nil {
			return nil, err
		}
		out := make([]*V, 0, len(values))
		for i := range values {
			if keep == nil || keep(&values[i]) {
				out = append(out, &values[i])
			}
		}
		return out, nil
	}, nil
}
