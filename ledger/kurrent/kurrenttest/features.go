package kurrenttest

import (
	"context"
	"strings"

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
	add := func(name string, features ...string) {
		out.Methods = append(out.Methods, &serverfeatures.SupportedMethod{
			MethodName:  name,
			ServiceName: strings.ToLower(streams.Streams_ServiceDesc.ServiceName),
			Features:    features,
		})
	}
	add("read", "position", "events")
	add("append")
	add("delete")
	add("tombstone")
	return out, nil
}
