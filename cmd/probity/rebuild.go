package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
	"github.com/probity-ledger/probity/ledger/notary/index"
	"github.com/probity-ledger/probity/projections"
)

func (a *app) rebuildCmd() *cobra.Command {
	var forgetLog bool
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Build the views, and the tree of the log, anew from the ledger",
		Long: `Reads the whole ledger and builds the views from nothing, views.db or the tables in
PostgreSQL, then puts them in place of the old ones; then makes the tree of the
transparency log in the folder anew. Nothing can be lost by it: the ledger is the only
source. It is also how to go on with a ledger that was put back from an older backup,
which the other verbs refuse because the views show events that it lacks.

The folder must not be in use: stop the server. Of replicas stop the one whose folder
it is; the others answer from the old tables until the new ones are in their place.

The transparency log remembers what was signed, and the service refuses to go on
with a ledger that lacks any of it. Where those events are lost for good,
--forget-log moves the log aside and a new one begins: whoever holds an earlier
checkpoint can then show that the ledger's past was changed.`,
		Example: example("probity rebuild --data /srv/probity"),
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg := a.house()
			cfg.Restored = true
			h, err := house.Open(cfg)
			if err != nil {
				return err
			}
			defer h.Close()
			if h.NoBooks != nil {
				return h.NoBooks
			}
			// A server would go on with the file that is replaced here.
			held, err := house.Hold(a.house())
			if err != nil {
				return err
			}
			defer held.Close()
			if forgetLog {
				if err := a.forgetLog(h); err != nil {
					return err
				}
			}
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
			head, err := h.RebuildLog()
			switch {
			case errors.Is(err, notary.ErrNoLog):
				return nil
			case errors.Is(err, house.ErrNotAsSigned):
				// The views are there to be asked; only recording is refused.
				fmt.Fprintf(a.stderr, "warning: %v\nhint: %s\n", err, hintOf(err))
				return nil
			case err != nil:
				return err
			}
			fmt.Fprintf(a.stdout, "rebuilt the tree of the transparency log up to its last checkpoint, over %d events\n", head.Size)
			root, err := h.RebuildIndex()
			if errors.Is(err, index.ErrNoIndex) || errors.Is(err, notary.ErrNoLog) { // a replica that followed for a moment signed neither
				return nil
			}
			if err == nil {
				fmt.Fprintf(a.stdout, "rebuilt the index of the log, as it was signed over %d events\n", root.Size)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&forgetLog, "forget-log", false, "begin a new transparency log: the events that the old one covers are lost")
	return cmd
}

// forgetLog moves the transparency log aside.
func (a *app) forgetLog(h *house.House) error {
	aside, err := notary.Forget(filepath.Join(h.Dir, house.LogDir), time.Now())
	if errors.Is(err, fs.ErrNotExist) {
		return usagef("there is no transparency log in %s", h.Dir)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stderr, "warning: a new transparency log begins; the old one is kept in %s. Tell those who hold its checkpoints why.\n", aside)
	return nil
}
