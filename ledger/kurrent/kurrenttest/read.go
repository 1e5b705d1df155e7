package kurrenttest

import (
	"sort"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// Read implements the service Streams: reads and subscriptions alike.
func (s *service) Read(req *streams.ReadReq, call streams.Streams_ReadServer) error {
	o := req.GetOptions()
	if o.GetUuidOption() == nil {
		return errInvalid("'uuidOption' is a required argument")
	}
	name := everyone // the stream of all events has the name of the role
	if o.GetStream() != nil {
		name = string(o.GetStream().GetStreamIdentifier().GetStreamName())
	}
	if err := s.allow(call.Context(), name, toRead); err != nil {
		return err
	}
	if leader := s.cluster.leading(); leader != s.Server && leader != nil && insists(call.Context()) {
		return errNotLeader(leader.endpoint())
	}
	filter, err := newFilter(o.GetFilter())
	if err != nil {
		return err
	}
	forwards := o.GetReadDirection() == streams.ReadReq_Options_Forwards
	switch {
	case o.GetSubscription() != nil && !forwards,
		o.GetStream() != nil && o.GetFilter() != nil,
		o.GetStream() == nil && o.GetAll() == nil:
		return errInvalid("The combination of the options is invalid.")
	case o.GetSubscription() != nil:
		return s.subscribe(o, filter, call)
	case o.GetAll() != nil && forwards:
		return s.readAllForwards(o, filter, call)
	case o.GetAll() != nil:
		return s.readAllBackwards(o, filter, call)
	}
	return s.readStream(o, forwards, call)
}

// end stands for the end of a stream or of the log.
const end = ^uint64(0)

// allFrom is where a read of $all begins.
func allFrom(o *streams.ReadReq_Options_AllOptions) uint64 {
	switch at := o.AllOption.(type) {
	case *streams.ReadReq_Options_AllOptions_Position:
		return at.Position.GetCommitPosition()
	case *streams.ReadReq_Options_AllOptions_End:
		return end
	}
	return 0
}

// revisionFrom is where a read of one stream begins.
func revisionFrom(o *streams.ReadReq_Options_StreamOptions) uint64 {
	switch at := o.RevisionOption.(type) {
	case *streams.ReadReq_Options_StreamOptions_Revision:
		return at.Revision
	case *streams.ReadReq_Options_StreamOptions_End:
		return end
	}
	return 0
}

// readAllForwards sends what lies at or behind a position.
func (s *service) readAllForwards(o *streams.ReadReq_Options, f *filter, call streams.Streams_ReadServer) error {
	records := s.log.before(s.shows.Load())
	from := allFrom(o.GetAll())
	if err := s.log.validPosition(from); err != nil {
		return err
	}
	left := o.GetCount()
	for i := search(records, from); i < len(records) && left > 0; i++ {
		if !f.allows(records[i]) {
			continue
		}
		if err := call.Send(wireEvent(records[i])); err != nil {
			return err
		}
		left--
	}
	return nil
}

// readAllBackwards sends what lies before a position, the last first: here
// the position is the end of a record (`IAllReader.ReadAllEventsBackward`).
func (s *service) readAllBackwards(o *streams.ReadReq_Options, f *filter, call streams.Streams_ReadServer) error {
	records := s.log.before(s.shows.Load())
	from := allFrom(o.GetAll())
	if err := s.log.validPosition(from); err != nil {
		return err
	}
	left := o.GetCount()
	for i := search(records, from) - 1; i >= 0 && left > 0; i-- {
		if !f.allows(records[i]) {
			continue
		}
		if err := call.Send(wireEvent(records[i])); err != nil {
			return err
		}
		left--
	}
	return nil
}

// validPosition refuses a position in the middle of a record. Behind the end
// of the log there is just nothing yet.
func (l *log) validPosition(at uint64) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if at <= begin || at >= l.next {
		return nil
	}
	if i := search(l.records, at); i < len(l.records) && l.records[i].position == at {
		return nil
	}
	return errInvalid("Trying to read from an invalid position.")
}

// window returns the records of a stream that a read may show, those before
// a position; their revisions follow each other. found: there is such a
// stream to be seen. They are only ever appended to.
func (l *log) window(name string, before uint64) (records []*record, found bool, err error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	last := l.lastOf(name)
	if last == tombstone {
		return nil, false, errDeleted(name)
	}
	s := l.streams[name]
	if s == nil || last < 0 || s.meta.truncateBefore == softDeleted {
		return nil, false, nil
	}
	first := s.meta.firstVisible(s, l.now())
	if first > last {
		return nil, true, nil
	}
	records = cut(s.records[first-s.first:], before)
	return records, len(records) > 0 || before == end, nil
}

// readStream sends events of one stream, from a revision on in either
// direction, that revision included.
func (s *service) readStream(o *streams.ReadReq_Options, forwards bool, call streams.Streams_ReadServer) error {
	name := o.GetStream().GetStreamIdentifier().GetStreamName()
	records, found, err := s.log.window(string(name), s.shows.Load())
	if err != nil {
		return err
	}
	if !found {
		return call.Send(&streams.ReadResp{Content: &streams.ReadResp_StreamNotFound_{StreamNotFound: &streams.ReadResp_StreamNotFound{
			StreamIdentifier: &shared.StreamIdentifier{StreamName: name}}}})
	}
	from, left, step := revisionFrom(o.GetStream()), o.GetCount(), 1
	i := behind(records, from)
	if !forwards {
		i, step = behind(records, from+1)-1, -1
		if from == end {
			i = len(records) - 1
		}
	}
	for ; i >= 0 && i < len(records) && left > 0; i += step {
		if records[i].scavenged.Load() {
			continue
		}
		if err := call.Send(wireEvent(records[i])); err != nil {
			return err
		}
		left--
	}
	return nil
}

// behind returns the index of the first record of a stream at or behind a
// revision.
func behind(records []*record, revision uint64) int {
	return sort.Search(len(records), func(i int) bool { return uint64(records[i].revision) >= revision })
}
