package kurrenttest

import (
	"context"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// Delete implements the service Streams: it hides a stream, which may be
// written again.
func (s *service) Delete(ctx context.Context, req *streams.DeleteReq) (*streams.DeleteResp, error) {
	expected := expectAny
	switch o := req.GetOptions().GetExpectedStreamRevision().(type) {
	case *streams.DeleteReq_Options_Revision:
		expected = int64(o.Revision)
	case *streams.DeleteReq_Options_NoStream:
		expected = expectNoStream
	case *streams.DeleteReq_Options_StreamExists:
		expected = expectExists
	}
	at, err := s.remove(ctx, string(req.GetOptions().GetStreamIdentifier().GetStreamName()), expected, false)
	if err != nil {
		return nil, err
	}
	return &streams.DeleteResp{PositionOption: &streams.DeleteResp_Position_{
		Position: &streams.DeleteResp_Position{CommitPosition: at, PreparePosition: at}}}, nil
}

// Tombstone implements the service Streams: it deletes a stream for good.
func (s *service) Tombstone(ctx context.Context, req *streams.TombstoneReq) (*streams.TombstoneResp, error) {
	expected := expectAny
	switch o := req.GetOptions().GetExpectedStreamRevision().(type) {
	case *streams.TombstoneReq_Options_Revision:
		expected = int64(o.Revision)
	case *streams.TombstoneReq_Options_NoStream:
		expected = expectNoStream
	case *streams.TombstoneReq_Options_StreamExists:
		expected = expectExists
	}
	at, err := s.remove(ctx, string(req.GetOptions().GetStreamIdentifier().GetStreamName()), expected, true)
	if err != nil {
		return nil, err
	}
	return &streams.TombstoneResp{PositionOption: &streams.TombstoneResp_Position_{
		Position: &streams.TombstoneResp_Position{CommitPosition: at, PreparePosition: at}}}, nil
}

func (s *service) remove(ctx context.Context, name string, expected int64, forGood bool) (uint64, error) {
	if err := s.allow(ctx, name, toDelete); err != nil {
		return 0, err
	}
	if err := s.leads(ctx); err != nil {
		return 0, err
	}
	r := s.log.delete(name, expected, forGood)
	switch r.outcome {
	case deleted:
		return 0, errDeleted(name)
	case wrongRevision:
		return 0, errWrongRevision(name, expected, r.current)
	}
	return r.position, nil
}
