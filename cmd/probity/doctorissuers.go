package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/graphql/edge"
)

// front looks at what the settings say of signing in. Mistakes in them are
// wrong usage, as for 'serve'.
func (x *examination) front(cmd *cobra.Command, path string) error {
	served, err := x.a.serverSettings()
	if err != nil {
		return err
	}
	s := served.Front
	if len(s.Issuers) == 0 {
		x.note(path + " names no issuer: the server signs its own tokens, for this machine alone")
	}
	quiet := slog.New(slog.DiscardHandler)
	for _, o := range s.Issuers {
		source, err := o.Source(quiet)
		if err != nil {
			return err
		}
		st := source.Check(cmd.Context())
		if st.Failed == nil && st.Keys == 0 {
			st.Failed = fmt.Errorf("it has no usable key")
		}
		if st.Failed != nil {
			st.Failed = fmt.Errorf("%s: %w", st.Issuer, st.Failed)
		}
		x.say("issuer", fmt.Sprintf("%s: %d keys", st.Issuer, st.Keys), st.Failed)
		for _, key := range st.LeftOut {
			x.warn("issuer", st.Issuer+": "+key)
		}
	}
	if s.cert != "" {
		c, err := edge.LoadCertificate(s.cert, s.key, quiet)
		if err == nil && time.Until(c.Expires()) <= 0 {
			err = fmt.Errorf("the TLS certificate in %s has ended", s.cert)
		}
		good := ""
		if err == nil {
			good = "the certificate is good until " + c.Expires().UTC().Format(time.DateOnly)
		}
		x.say("tls", good, err)
	}
	return nil
}
