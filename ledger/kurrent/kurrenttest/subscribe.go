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
	confirmation := &streams.ReadResp{Content: &streams.ReadResp_Confirmation{
		Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: uuid.NewString()}}}
	if o.GetAll() != nil {
		from := allFrom(o.GetAll())
		if err := s.log.validPosition(from); err != nil {
			return err
		}
		if err := call.Send(confirmation); err != nil {
			return err
		}
		return s.subscribeAll(sub, o.GetAll(), from)
	}
	if o.GetStream() == nil || o.GetFilter() != nil {
		return errInvalid("a subscription names a stream, or $all and perhaps a filter")
	}
	if err := call.Send(confirmation); err != nil {
		return err
	}
	return s.subscribeStream(sub, o.GetStream())
}

// subscribeAll sends the events of $all behind a position.
func (s *service) subscribeAll(sub *subscription, o *streams.ReadReq_Options_AllOptions, from uint64) error {
	next := 0
	records := s.log.snapshot()
	switch o.AllOption.(type) {
	case *streams.ReadReq_Options_AllOptions_End:
		next = len(records)
	case *streams.ReadReq_Options_AllOptions_Position:
		next = search(records, from+1)
	}
	for {
		records, changed := s.log.wait()
		for ; next < len(records); next++ {
			if err := sub.consider(s, records[next]); err != nil {
				return err
			}
		}
		if err := sub.caughtUp(records); err != nil {
			return err
		}
		if err := sub.wait(changed); err != nil {
			return err
		}
	}
}

// consider sends a record if the filter wants it, and a checkpoint when one
// is due.
func (sub *subscription) consider(s *service, r *record) error {
	if r.scavenged.Load() {
		return nil
	}
	if sub.filter.allows(r) {
		if err := s.faults.beforeEvent(sub.call.Context()); err != nil {
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

// wait waits for more.
func (sub *subscription) wait(changed <-chan struct{}) error {
	select {
	case <-changed:
		return nil
	case <-sub.drop:
		return errDropped()
	case <-sub.call.Context().Done():
		return sub.call.Context().Err()
	}
}

// subscribeStream sends the events of one stream behind a revision. It ends
// when the stream is deleted for good.
func (s *service) subscribeStream(sub *subscription, o *streams.ReadReq_Options_StreamOptions) error {
	name := string(o.GetStreamIdentifier().GetStreamName())
	last := int64(-1)
	switch at := o.RevisionOption.(type) {
	case *streams.ReadReq_Options_StreamOptions_Revision:
		last = int64(at.Revision)
	case *streams.ReadReq_Options_StreamOptions_End:
		_, last, _ = s.log.window(name)
	}
	for {
		_, changed := s.log.wait()
		records, _, err := s.log.window(name)
		if err != nil {
			return err
		}
		for _, r := range records {
			if r.revision <= last {
				continue
			}
			if err := sub.consider(s, r); err != nil {
				return err
			}
			last = r.revision
		}
		if err := sub.caughtUp(nil); err != nil {
			return err
		}
		if err := sub.wait(changed); err != nil {
			return err
		}
	}
}
