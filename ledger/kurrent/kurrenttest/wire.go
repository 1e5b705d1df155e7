package kurrenttest

import (
	"encoding/binary"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

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

type wrong = streams.AppendResp_WrongExpectedVersion

var empty = &shared.Empty{}

// wrongRevisionIs tells where the stream is, in the fields of today and in
// those of version 20.6.
func wrongRevisionIs(current int64) *wrong {
	if current < 0 {
		return &wrong{
			CurrentRevisionOption:        &streams.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: empty},
			CurrentRevisionOption_20_6_0: &streams.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: empty},
		}
	}
	return &wrong{
		CurrentRevisionOption:        &streams.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: uint64(current)},
		CurrentRevisionOption_20_6_0: &streams.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: uint64(current)},
	}
}

// tellExpected adds what was expected.
func tellExpected(out *wrong, o *streams.AppendReq_Options, expected int64) {
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
}

// success tells where an append ended.
func success(r result) *streams.AppendResp_Success {
	out := &streams.AppendResp_Success{}
	if r.revision < 0 {
		out.CurrentRevisionOption = &streams.AppendResp_Success_NoStream{NoStream: empty}
	} else {
		out.CurrentRevisionOption = &streams.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(r.revision)}
	}
	if r.position == 0 {
		out.PositionOption = &streams.AppendResp_Success_NoPosition{NoPosition: empty}
	} else {
		out.PositionOption = &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{
			CommitPosition: r.position, PreparePosition: r.position}}
	}
	return out
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
