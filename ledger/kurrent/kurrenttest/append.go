package kurrenttest

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
)

// service is the service Streams of a server.
type service struct {
	streams.UnimplementedStreamsServer
	*Server
	conns *conns
}

// Append implements the service Streams. The options come first, then one
// event a message; the caller half-closes behind the last one.
func (s *service) Append(call streams.Streams_AppendServer) error {
	ctx := call.Context()
	first, err := call.Recv()
	if err != nil {
		return err
	}
	options := first.GetOptions()
	if options == nil {
		return errInvalid("the first message of an append holds its options")
	}
	name := string(options.GetStreamIdentifier().GetStreamName())
	expected, err := expectation(options.ExpectedStreamRevision)
	if err != nil {
		return err
	}
	// It is asked before the events are taken. Who still sends them may see
	// the end of the call and not why.
	if err := s.allow(ctx, name, toWrite); err != nil {
		return err
	}
	events, err := s.receive(call)
	if err != nil {
		return err
	}
	if err := s.leads(ctx); err != nil {
		return err
	}
	answer, err := s.record(ctx, name, expected, events)
	if err != nil {
		return err
	}
	if wrong := answer.GetWrongExpectedVersion(); wrong != nil {
		tellExpected(wrong, options, expected)
	}
	return call.SendAndClose(answer)
}

// record decides an append, and meets it with the faults that are due.
func (s *service) record(ctx context.Context, name string, expected int64, events []event) (*streams.AppendResp, error) {
	fault, err := s.faults.ofAppend()
	if err != nil {
		return nil, err
	}
	if fault == loseRequest {
		return nil, s.hangUp(ctx)
	}
	if err := ctx.Err(); err != nil {
		return nil, err // `StorageWriterService` drops what was cancelled while it waited
	}
	r := s.log.append(name, expected, events)
	switch {
	case fault == loseAck:
		return nil, s.hangUp(ctx)
	case fault == timeOut:
		return nil, errTimedOut()
	case r.outcome == failed:
		return nil, errNotReady()
	case r.outcome == deleted:
		return nil, errDeleted(name)
	case r.outcome == wrongRevision:
		return &streams.AppendResp{Result: &streams.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: wrongRevisionIs(r.current)}}, nil
	}
	return &streams.AppendResp{Result: &streams.AppendResp_Success_{Success: success(r)}}, nil
}

// leads refuses what only a leader takes: a follower hands a write on, unless
// the caller insists on a leader or there is none.
func (s *service) leads(ctx context.Context) error {
	leader := s.cluster.leading()
	switch {
	case leader == s.Server:
		return nil
	case leader == nil:
		return errNotReady()
	case insists(ctx):
		return errNotLeader(leader.endpoint())
	}
	return nil
}

// insists tells whether the caller wants the leader alone. The client means
// to say so, but puts the header where it is not sent.
func insists(ctx context.Context) bool {
	md, _ := metadata.FromIncomingContext(ctx)
	given := md.Get("requires-leader")
	return len(given) > 0 && strings.EqualFold(given[0], "true")
}

// hangUp breaks the caller's connection, with every other call on it.
func (s *service) hangUp(ctx context.Context) error {
	if p, ok := peer.FromContext(ctx); ok {
		s.conns.cutOne(p.Addr.String())
	}
	return errNotReady() // nobody hears it
}

// receive takes the events of an append. It refuses as soon as they are too
// large, while the caller may still be sending.
func (s *service) receive(call streams.Streams_AppendServer) ([]event, error) {
	var events []event
	for size := 0; ; {
		m, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		p := m.GetProposedMessage()
		if p == nil {
			return nil, errInvalid("an append holds its options once")
		}
		e, err := proposed(p.GetId(), p.GetMetadata(), p.GetData(), p.GetCustomMetadata())
		if err != nil {
			return nil, err
		}
		if size += e.size(); size > s.options.MaxAppend {
			return nil, errTooLarge(s.options.MaxAppend)
		}
		events = append(events, e)
	}
}
