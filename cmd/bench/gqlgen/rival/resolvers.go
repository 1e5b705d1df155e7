package rival

import "context"

// Resolver holds what the rival answers with, by the officers' ids.
type Resolver struct {
	Files     map[string]*RecordFile
	Timelines map[string]*EventConnection
}

// RecordFile is the resolver for the recordFile field.
func (r *queryResolver) RecordFile(ctx context.Context, id string) (*RecordFile, error) {
	return r.Files[id], nil
}

// Timeline is the resolver for the timeline field.
func (r *queryResolver) Timeline(ctx context.Context, id string) (*EventConnection, error) {
	return r.Timelines[id], nil
}

// Query returns QueryResolver implementation.
func (r *Resolver) Query() QueryResolver { return &queryResolver{r} }

type queryResolver struct{ *Resolver }
