package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

func (a *app) rebuildCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Build the views anew from the ledger",
		Long: `Reads the whole ledger and builds views.db from nothing, then puts it in place
of the old one. Nothing can be lost by it: the ledger is the only source. It is
also how to go on with a ledger that was put back from an older backup, which the
other verbs refuse because the views show events that it lacks.`,
		Example: example("probity rebuild --data /srv/probity"),
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := house.Open(house.Config{Dir: a.data, Restored: true})
			if err != nil {
				return err
			}
			defer h.Close()
			if h.NoBooks != nil {
				return h.NoBooks
			}
			// A server would go on with the file that is replaced here.
			held, err := house.Hold(a.data)
			if err != nil {
				return err
			}
			defer held.Close()
			views, err := projections.Open(h.Dir, h.Codec, h.ViewOptions())
			if err != nil {
				return err
			}
			defer views.Close()
			start := time.Now()
			bar := a.progress("rebuilding", -1)
			var events ledger.Position
			err = views.Rebuild(cmd.Context(), h.Store, func(done ledger.Position) {
				events = done
				bar.position(done)
			})
			bar.done()
			if err != nil {
				return err
			}
			took := time.Since(start).Seconds()
			fmt.Fprintf(a.stdout, "rebuilt the views up to position %s in %.1f s\n", events, took)
			return nil
		},
	}
}
