package kurrenttest

import (
	"context"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// featuresService says which methods the server has.
type featuresService struct {
	serverfeatures.UnimplementedServerFeaturesServer
	version string
}

// GetSupportedMethods implements the service ServerFeatures: names in lower
// case, as `ServerFeatures.GetSupportedMethods` gives them.
func (f *featuresService) GetSupportedMethods(context.Context, *shared.Empty) (*serverfeatures.SupportedMethods, error) {
	out := &serverfeatures.SupportedMethods{EventStoreServerVersion: f.version}
	service := strings.ToLower(streams.Streams_ServiceDesc.ServiceName)
	add := func(name string, features ...string) {
		out.Methods = append(out.Methods, &serverfeatures.SupportedMethod{
			MethodName: strings.ToLower(name), ServiceName: service, Features: features})
	}
	for _, m := range streams.Streams_ServiceDesc.Methods {
		add(m.MethodName)
	}
	for _, m := range streams.Streams_ServiceDesc.Streams {
		switch m.StreamName {
		case "Read":
			add(m.StreamName, "position", "events")
		case "BatchAppend":
			add(m.StreamName, "deadline_duration")
		default:
			add(m.StreamName)
		}
	}
	return out, nil
}

// gossipService says which nodes there are and who leads.
type gossipService struct {
	gossip.UnimplementedGossipServer
	server *Server
}

// Read implements the service Gossip.
func (g *gossipService) Read(context.Context, *shared.Empty) (*gossip.ClusterInfo, error) {
	addr := g.server.addr
	return &gossip.ClusterInfo{Members: []*gossip.MemberInfo{{
		InstanceId:   &shared.UUID{Value: &shared.UUID_String_{String_: "00000000-0000-0000-0000-000000000001"}},
		TimeStamp:    time.Now().UnixNano() / 100,
		State:        gossip.MemberInfo_Leader,
		IsAlive:      true,
		HttpEndPoint: &gossip.EndPoint{Address: addr.IP.String(), Port: uint32(addr.Port)},
	}}}, nil
}
