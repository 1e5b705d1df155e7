package kurrenttest

import (
	"errors"
	"strconv"

	"encoding/binary"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// Read implements the service Streams: reads and subscriptions alike.
func (s *service) Read(req *streams.ReadReq, call streams.Streams_ReadServer) error {
	err := s.read(req.GetOptions(), call)
	var e *exception
	if errors.As(err, &e) {
		return e.send(call.SetTrailer)
	}
	return err
}

func (s *service) read(o *streams.ReadReq_Options, call streams.Streams_ReadServer) error {
	if o.GetUuidOption() == nil {
		return errInvalid("'uuidOption' is a required argument")
	}
	if err := s.faults.beforeRead(call.Context()); err != nil {
		return err
	}
	forwards := o.GetReadDirection() == streams.ReadReq_Options_Forwards
	filter, err := newFilter(o.GetFilter())
	if err != nil {
		return err
	}
	switch {
	case o.GetSubscription() != nil && !forwards:
		return errInvalid("a subscription reads forwards")
	case o.GetSubscription() != nil:
		return s.subscribe(o, filter, call)
	case o.GetAll() != nil && forwards:
		return s.readAllForwards(o, filter, call)
	case o.GetAll() != nil:
		return s.readAllBackwards(o, filter, call)
	case o.GetFilter() != nil:
		return errInvalid("a read of one stream has no filter")
	case o.GetStream() != nil && forwards:
		return s.readStreamForwards(o, call)
	case o.GetStream() != nil:
		return s.readStreamBackwards(o, call)
	}
	return errInvalid("a read names a stream or $all")
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
	records := s.log.snapshot()
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
	records := s.log.snapshot()
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

// window returns the records of a stream that a read may show, and the
// stream's last revision. They are only ever appended to.
func (l *log) window(name string) (records []*record, last int64, err error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	last = l.lastOf(name)
	if last == tombstone {
		return nil, 0, errDeleted(name)
	}
	s := l.streams[name]
	if s == nil || last < 0 || s.meta.truncateBefore == softDeletedBefore {
		return nil, -1, nil
	}
	first := s.meta.firstVisible(s, l.now())
	if first > last {
		return nil, last, nil
	}
	return s.records[first-s.first:], last, nil
}

func notFound(name []byte) *streams.ReadResp {
	return &streams.ReadResp{Content: &streams.ReadResp_StreamNotFound_{StreamNotFound: &streams.ReadResp_StreamNotFound{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: name}}}}
}

func (s *service) readStreamForwards(o *streams.ReadReq_Options, call streams.Streams_ReadServer) error {
	name := o.GetStream().GetStreamIdentifier().GetStreamName()
	records, last, err := s.log.window(string(name))
	if err != nil {
		return err
	}
	if last < 0 {
		return call.Send(notFound(name))
	}
	from, left := revisionFrom(o.GetStream()), o.GetCount()
	for _, r := range records {
		if left == 0 {
			break
		}
		if uint64(r.revision) < from || r.scavenged.Load() {
			continue
		}
		if err := call.Send(wireEvent(r)); err != nil {
			return err
		}
		left--
	}
	return nil
}

func (s *service) readStreamBackwards(o *streams.ReadReq_Options, call streams.Streams_ReadServer) error {
	name := o.GetStream().GetStreamIdentifier().GetStreamName()
	records, last, err := s.log.window(string(name))
	if err != nil {
		return err
	}
	if last < 0 {
		return call.Send(notFound(name))
	}
	from, left := revisionFrom(o.GetStream()), o.GetCount()
	for i := len(records) - 1; i >= 0 && left > 0; i-- {
		if uint64(records[i].revision) > from || records[i].scavenged.Load() {
			continue
		}
		if err := call.Send(wireEvent(records[i])); err != nil {
			return err
		}
		left--
	}
	return nil
}

// wireEvent writes a record for the wire, its positions and all.
func wireEvent(r *record) *streams.ReadResp {
	content := "application/octet-stream"
	if r.json {
		content = "application/json"
	}
	return &streams.ReadResp{Content: &streams.ReadResp_Event{Event: &streams.ReadResp_ReadEvent{
		Event: &streams.ReadResp_ReadEvent_RecordedEvent{
			Id: &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{
				MostSignificantBits:  int64(binary.BigEndian.Uint64(r.id[:8])),
				LeastSignificantBits: int64(binary.BigEndian.Uint64(r.id[8:])),
			}}},
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(r.stream)},
			StreamRevision:   uint64(r.revision),
			PreparePosition:  r.position,
			CommitPosition:   r.position,
			Metadata:         map[string]string{"type": r.kind, "created": strconv.FormatInt(r.created, 10), "content-type": content},
			CustomMetadata:   r.meta,
			Data:             r.data,
		},
		Position: &streams.ReadResp_ReadEvent_CommitPosition{CommitPosition: r.position},
	}}}
}
