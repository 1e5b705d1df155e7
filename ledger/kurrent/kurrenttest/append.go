package kurrenttest

import (
	"context"
	"encoding/binary"
	"errors"
	"io"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/peer"
)

// service is the service Streams of a server.
type service struct {
	streams.UnimplementedStreamsServer
	*Server
}

// Append implements the service Streams. The options come first, then one
// event a message; the caller half-closes behind the last one.
func (s *service) Append(call streams.Streams_AppendServer) error {
	answer, err := s.append(call)
	if err != nil {
		var e *exception
		if errors.As(err, &e) {
			return e.send(call.SetTrailer)
		}
		return err
	}
	return call.SendAndClose(answer)
}

func (s *service) append(call streams.Streams_AppendServer) (*streams.AppendResp, error) {
	ctx := call.Context()
	first, err := call.Recv()
	if err != nil {
		return nil, err
	}
	options := first.GetOptions()
	if options == nil {
		return nil, errInvalid("the first message of an append holds its options")
	}
	name := string(options.GetStreamIdentifier().GetStreamName())
	expected, err := expectation(options.ExpectedStreamRevision)
	if err != nil {
		return nil, err
	}
	fault, err := s.faults.beforeAppend(ctx)
	if err != nil {
		return nil, err
	}
	events, err := s.receive(call)
	if err != nil {
		return nil, err
	}
	if fault == loseRequest {
		return nil, s.cut(ctx)
	}
	if err := ctx.Err(); err != nil {
		return nil, err // the writer drops what was cancelled while it waited
	}
	r := s.log.append(name, expected, events)
	if fault == loseAck {
		return nil, s.cut(ctx)
	}
	switch r.outcome {
	case deleted:
		return nil, errDeleted(name)
	case wrongRevision:
		return &streams.AppendResp{Result: &streams.AppendResp_WrongExpectedVersion_{
			WrongExpectedVersion: wrongExpectation(options, expected, r.current)}}, nil
	}
	return &streams.AppendResp{Result: &streams.AppendResp_Success_{Success: success(r)}}, nil
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

// proposed reads an event from the wire.
func proposed(id *shared.UUID, properties map[string]string, data, meta []byte) (event, error) {
	kind, ok := properties["type"]
	if !ok {
		return event{}, errMissing("type")
	}
	content, ok := properties["content-type"]
	if !ok {
		return event{}, errMissing("content-type")
	}
	parsed, err := fromWire(id)
	if err != nil {
		return event{}, errInvalid(err.Error())
	}
	return event{id: parsed, kind: kind, json: content == "application/json", data: data, meta: meta}, nil
}

// fromWire reads an id in either of its forms.
func fromWire(id *shared.UUID) (uuid.UUID, error) {
	if s := id.GetStructured(); s != nil {
		var out uuid.UUID
		binary.BigEndian.PutUint64(out[:8], uint64(s.MostSignificantBits))
		binary.BigEndian.PutUint64(out[8:], uint64(s.LeastSignificantBits))
		return out, nil
	}
	return uuid.Parse(id.GetString_())
}

// expectation reads what an append expects of its stream.
func expectation(option any) (int64, error) {
	switch o := option.(type) {
	case *streams.AppendReq_Options_Revision:
		return int64(o.Revision), nil
	case *streams.AppendReq_Options_NoStream:
		return expectNoStream, nil
	case *streams.AppendReq_Options_Any:
		return expectAny, nil
	case *streams.AppendReq_Options_StreamExists:
		return expectExists, nil
	}
	return 0, errInvalid("an append says which revision it expects")
}

// wrongExpectation tells what was expected and what is, in the fields of
// today and in those of version 20.6.
func wrongExpectation(o *streams.AppendReq_Options, expected, current int64) *streams.AppendResp_WrongExpectedVersion {
	type wrong = streams.AppendResp_WrongExpectedVersion
	out, empty := &wrong{}, &shared.Empty{}
	switch o.ExpectedStreamRevision.(type) {
	case *streams.AppendReq_Options_Any:
		out.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedAny{ExpectedAny: empty}
		out.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_Any_20_6_0{Any_20_6_0: empty}
	case *streams.AppendReq_Options_StreamExists:
		out.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: empty}
		out.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_StreamExists_20_6_0{StreamExists_20_6_0: empty}
	case *streams.AppendReq_Options_NoStream:
		out.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: empty}
		out.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: ^uint64(0)}
	default:
		out.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: uint64(expected)}
		out.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: uint64(expected)}
	}
	if current < 0 {
		out.CurrentRevisionOption = &streams.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: empty}
		out.CurrentRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: empty}
		return out
	}
	out.CurrentRevisionOption = &streams.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: uint64(current)}
	out.CurrentRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: uint64(current)}
	return out
}

// success tells where an append ended.
func success(r result) *streams.AppendResp_Success {
	out := &streams.AppendResp_Success{}
	if r.revision < 0 {
		out.CurrentRevisionOption = &streams.AppendResp_Success_NoStream{NoStream: &shared.Empty{}}
	} else {
		out.CurrentRevisionOption = &streams.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(r.revision)}
	}
	if r.position == 0 {
		out.PositionOption = &streams.AppendResp_Success_NoPosition{NoPosition: &shared.Empty{}}
	} else {
		out.PositionOption = &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{
			CommitPosition: r.position, PreparePosition: r.position}}
	}
	return out
}

// cut breaks the caller's connection, with every other call on it.
func (s *service) cut(ctx context.Context) error {
	if p, ok := peer.FromContext(ctx); ok {
		s.conns.cutOne(p.Addr.String())
	}
	return errNotReady()
}
