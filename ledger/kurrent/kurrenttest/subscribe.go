package kurrenttest

import (
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

// subscription is one running subscription.
type subscription struct {
	call    streams.Streams_ReadServer
	drop    <-chan struct{} // closed when it is to end
	filter  *filter
	seen    int    // events looked at since the last checkpoint
	checked uint64 // the last checkpoint that was sent
	caught  bool   // the caller was told that it has caught up
}

// subscribe serves a subscription until the caller goes, the server ends or
// it is dropped. Its start is exclusive: what lies behind it is sent.
func (s *service) subscribe(o *streams.ReadReq_Options, f *filter, call streams.Streams_ReadServer) error {
	sub := &subscription{call: call, filter: f, drop: s.faults.subscribed()}
	var follow func() (changed <-chan struct{}, err error)
	if o.GetStream() != nil {
		follow = s.followStream(sub, o.GetStream())
	} else if err := s.log.validPosition(allFrom(o.GetAll())); err != nil {
		return err
	} else {
		follow = s.followAll(sub, o.GetAll())
	}
	if err := call.Send(&streams.ReadResp{Content: &streams.ReadResp_Confirmation{
		Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: uuid.NewString()}}}); err != nil {
		return err
	}
	for {
		changed, err := follow()
		if err != nil {
			return err
		}
		select {
		case <-changed:
		case <-sub.drop:
			return errDropped()
		case <-call.Context().Done():
			return call.Context().Err()
		}
	}
}

// followAll returns a function that sends what is new in $all, and a channel
// that is closed when there may be more.
func (s *service) followAll(sub *subscription, o *streams.ReadReq_Options_AllOptions) func() (<-chan struct{}, error) {
	from, next := allFrom(o), 0
	if records := s.log.before(s.shows.Load()); from == end {
		next = len(records)
	} else if o.GetPosition() != nil {
		next = search(records, from+1)
	}
	return func() (<-chan struct{}, error) {
		records, changed := s.log.wait(&s.shows)
		for ; next < len(records); next++ {
			if err := sub.consider(s, records[next]); err != nil {
				return nil, err
			}
		}
		return changed, sub.caughtUp(records)
	}
}

// followStream is followAll for one stream. It ends when the stream is
// deleted for good.
func (s *service) followStream(sub *subscription, o *streams.ReadReq_Options_StreamOptions) func() (<-chan struct{}, error) {
	name := string(o.GetStreamIdentifier().GetStreamName())
	next := uint64(0)
	if o.GetStart() == nil {
		next = revisionFrom(o) + 1 // 0 at the end
	}
	if records, _, err := s.log.window(name, s.shows.Load()); err == nil && len(records) > 0 && o.GetEnd() != nil {
		next = uint64(records[len(records)-1].revision) + 1
	}
	return func() (<-chan struct{}, error) {
		_, changed := s.log.wait(&s.shows)
		records, _, err := s.log.window(name, s.shows.Load())
		if err != nil {
			return nil, err
		}
		for _, r := range records[behind(records, next):] {
			if err := sub.consider(s, r); err != nil {
				return nil, err
			}
			next = uint64(r.revision) + 1
		}
		return changed, sub.caughtUp(nil)
	}
}

// consider sends a record if the filter wants it, and a checkpoint when one
// is due.
func (sub *subscription) consider(s *service, r *record) error {
	if r.scavenged.Load() {
		return nil
	}
	if sub.filter.allows(r) {
		if err := s.faults.waitThawed(sub.call.Context()); err != nil {
			return err
		}
		for range s.faults.copies() {
			if err := sub.call.Send(wireEvent(r)); err != nil {
				return err
			}
		}
	}
	select {
	case <-sub.drop:
		return errDropped()
	default:
	}
	if sub.filter.match == nil {
		return nil
	}
	if sub.seen++; sub.seen >= sub.filter.interval {
		return sub.checkpoint(r.position)
	}
	return nil
}

// checkpoint tells a filtered subscription how far it has come, once.
func (sub *subscription) checkpoint(at uint64) error {
	sub.seen = 0
	if at <= sub.checked {
		return nil
	}
	sub.checked = at
	return sub.call.Send(&streams.ReadResp{Content: &streams.ReadResp_Checkpoint_{
		Checkpoint: &streams.ReadResp_Checkpoint{CommitPosition: at, PreparePosition: at}}})
}

// caughtUp tells the caller, once, that from here on events come as they
// happen. A filtered subscription gets a checkpoint before it
// (`Enumerator.AllSubscriptionFiltered.CatchUp`).
func (sub *subscription) caughtUp(records []*record) error {
	if sub.caught {
		return nil
	}
	sub.caught = true
	if sub.filter.match != nil && len(records) > 0 {
		if err := sub.checkpoint(records[len(records)-1].position); err != nil {
			return err
		}
	}
	return sub.call.Send(&streams.ReadResp{Content: &streams.ReadResp_CaughtUp_{CaughtUp: &streams.ReadResp_CaughtUp{}}})
}
