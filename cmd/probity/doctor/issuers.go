package doctor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// issuers asks each issuer of sign-in tokens for its keys.
func issuers(ctx context.Context, p *Patient, f *Findings) {
	if p.Configured && len(p.Issuers) == 0 {
		f.Note("the settings name no issuer: the server signs its own tokens, for this machine alone")
	}
	for _, o := range p.Issuers {
		source, err := o.Source(slog.New(slog.DiscardHandler))
		if err != nil {
			f.Fail("", err)
			continue
		}
		st := source.Check(ctx)
		if st.Failed == nil && st.Keys == 0 {
			st.Failed = errors.New("it has no usable key")
		}
		if st.Failed != nil {
			f.Fail("nobody of this issuer signs in until its keys are read: ask whoever runs it, and look at the network between", fmt.Errorf("%s: %w", st.Issuer, st.Failed))
			continue
		}
		f.OK("%s: %d keys", st.Issuer, st.Keys)
		for _, key := range st.LeftOut {
			f.Warn("ask whoever runs the issuer to take it out, or to put a proper one in its place", "%s: %s", st.Issuer, key)
		}
	}
}
