package kurrenttest_test

import (
	"context"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/probity-ledger/probity/ledger/kurrent/kurrenttest"
)

// stub speaks to a server without the client, to say what the client never
// says.
func stub(t *testing.T, s *kurrenttest.Server) streams.StreamsClient {
	t.Helper()
	conn, err := grpc.NewClient(s.Addr(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return streams.NewStreamsClient(conn)
}

// sendAppend sends the messages of an append and returns what comes back.
func sendAppend(ctx context.Context, c streams.StreamsClient, messages ...*streams.AppendReq) (*streams.AppendResp, metadata.MD, error) {
	var trailers metadata.MD
	call, err := c.Append(ctx, grpc.Trailer(&trailers))
	if err != nil {
		return nil, nil, err
	}
	for _, m := range messages {
		_ = call.Send(m) // the answer says why it ended
	}
	answer, err := call.CloseAndRecv()
	return answer, trailers, err
}

func header(stream string) *streams.AppendReq {
	return &streams.AppendReq{Content: &streams.AppendReq_Options_{Options: &streams.AppendReq_Options{
		StreamIdentifier:       &shared.StreamIdentifier{StreamName: []byte(stream)},
		ExpectedStreamRevision: &streams.AppendReq_Options_Any{Any: &shared.Empty{}},
	}}}
}

func message(id string, properties map[string]string) *streams.AppendReq {
	return &streams.AppendReq{Content: &streams.AppendReq_ProposedMessage_{ProposedMessage: &streams.AppendReq_ProposedMessage{
		Id: &shared.UUID{Value: &shared.UUID_String_{String_: id}}, Metadata: properties, Data: []byte("x"),
	}}}
}

func TestAppendsThatNoClientSends(t *testing.T) {
	s := kurrenttest.Start(t, kurrenttest.Options{})
	c, id := stub(t, s), uuid.NewString()
	whole := map[string]string{"type": "test", "content-type": "application/json"}
	tests := []struct {
		name     string
		messages []*streams.AppendReq
		code     codes.Code
	}{
		{"an id as text", []*streams.AppendReq{header("a"), message(id, whole)}, codes.OK},
		{"no event", []*streams.AppendReq{header("b")}, codes.OK},
		{"no options", []*streams.AppendReq{message(id, whole)}, codes.InvalidArgument},
		{"options twice", []*streams.AppendReq{header("a"), header("a")}, codes.InvalidArgument},
		{"a stream without a name", []*streams.AppendReq{header(""), message(id, whole)}, codes.InvalidArgument},
		{"an event without a type", []*streams.AppendReq{header("a"), message(id, map[string]string{"content-type": "x"})}, codes.InvalidArgument},
		{"an event without a content type", []*streams.AppendReq{header("a"), message(id, map[string]string{"type": "x"})}, codes.InvalidArgument},
		{"an id that is none", []*streams.AppendReq{header("a"), message("one", whole)}, codes.InvalidArgument},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, _, err := sendAppend(ctxOf(t), c, tt.messages...); status.Code(err) != tt.code {
				t.Errorf("got %v, want %v", err, tt.code)
			}
		})
	}
	if events := s.Admin().Events(); events[len(events)-1].ID.String() != id {
		t.Errorf("the last event is %+v", events[len(events)-1])
	}
}

func TestReadsThatNoClientSends(t *testing.T) {
	c := stub(t, kurrenttest.Start(t, kurrenttest.Options{}))
	uuids := &streams.ReadReq_Options_UUIDOption{Content: &streams.ReadReq_Options_UUIDOption_Structured{}}
	one := &streams.ReadReq_Options_Stream{Stream: &streams.ReadReq_Options_StreamOptions{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte("a")}}}
	all := &streams.ReadReq_Options_All{All: &streams.ReadReq_Options_AllOptions{
		AllOption: &streams.ReadReq_Options_AllOptions_Start{Start: &shared.Empty{}}}}
	live := &streams.ReadReq_Options_Subscription{Subscription: &streams.ReadReq_Options_SubscriptionOptions{}}
	filter := func(every uint32) *streams.ReadReq_Options_Filter {
		return &streams.ReadReq_Options_Filter{Filter: &streams.ReadReq_Options_FilterOptions{
			Filter: &streams.ReadReq_Options_FilterOptions_EventType{
				EventType: &streams.ReadReq_Options_FilterOptions_Expression{Regex: "["}},
			CheckpointIntervalMultiplier: every,
		}}
	}
	tests := []struct {
		name    string
		options *streams.ReadReq_Options
	}{
		{"no form of ids", &streams.ReadReq_Options{StreamOption: all}},
		{"neither a stream nor $all", &streams.ReadReq_Options{UuidOption: uuids}},
		{"a subscription backwards", &streams.ReadReq_Options{UuidOption: uuids, StreamOption: all, CountOption: live,
			ReadDirection: streams.ReadReq_Options_Backwards}},
		{"a filter on one stream", &streams.ReadReq_Options{UuidOption: uuids, StreamOption: one, FilterOption: filter(1)}},
		{"a filter that is no expression", &streams.ReadReq_Options{UuidOption: uuids, StreamOption: all, FilterOption: filter(1)}},
		{"a filter without checkpoints", &streams.ReadReq_Options{UuidOption: uuids, StreamOption: all, FilterOption: filter(0)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			call, err := c.Read(ctxOf(t), &streams.ReadReq{Options: tt.options})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := call.Recv(); status.Code(err) != codes.InvalidArgument {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWhoInsistsOnTheLeaderIsSentToIt(t *testing.T) {
	leader := kurrenttest.Start(t, kurrenttest.Options{})
	follower := leader.Follower(t)
	ctx := metadata.AppendToOutgoingContext(ctxOf(t), "requires-leader", "true")
	whole := map[string]string{"type": "test", "content-type": "application/json"}
	_, trailers, err := sendAppend(ctx, stub(t, follower), header("a"), message(uuid.NewString(), whole))
	if status.Code(err) != codes.NotFound || len(trailers.Get("exception")) == 0 || trailers.Get("exception")[0] != "not-leader" {
		t.Fatalf("got %v with %v", err, trailers)
	}
	if at := trailers.Get("leader-endpoint-host")[0] + ":" + trailers.Get("leader-endpoint-port")[0]; at != leader.Addr() {
		t.Errorf("sent to %s, the leader is at %s", at, leader.Addr())
	}
	if _, _, err := sendAppend(ctx, stub(t, leader), header("a"), message(uuid.NewString(), whole)); err != nil {
		t.Errorf("the leader: %v", err)
	}
}
