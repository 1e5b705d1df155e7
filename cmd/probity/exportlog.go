package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/ledger/notary"
)

func (a *app) exportLogCmd() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "log --out DIR",
		Short: "The transparency log as static files, whole and self-verifying",
		Long: `Writes everything that the last signed checkpoint covers as files: checkpoint,
tiles of the tree and bundles of the signed events (C2SP tlog-tiles), and the
public keys. Any web server can hold the folder; 'probity verify --log DIR' and the
tools of other makers check it without this program's database. A folder with an
earlier copy gets what is new, and is refused when it is of another log.

The bundles hold every record: show them to those who may read everything. The
checkpoint and the tiles of hashes may be public.`,
		Example: example("probity export log --out ./log-copy", "probity export log --out ./log-copy && probity verify --log ./log-copy --key keys"),
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usagef("--out is required: the folder to write")
			}
			h, err := a.openReading()
			if err != nil {
				return err
			}
			defer h.Close()
			bar := a.progress("exporting", 0)
			done, err := h.ExportLog(cmd.Context(), out, bar.bytes)
			bar.done()
			switch {
			case errors.Is(err, notary.ErrNoLog) && waitsForWitnesses(h.Notary):
				return hinted{errors.New("no checkpoint is published yet: the witnesses have not confirmed one"), "'probity serve' asks them, 'probity doctor' says which do not answer"}
			case errors.Is(err, notary.ErrNoLog):
				return hinted{err, "'probity serve' signs a checkpoint as soon as it runs"}
			case errors.Is(err, notary.ErrOtherLog):
				return hinted{err, "choose another folder with --out; if both are of this ledger, one of them is not what was signed: keep both"}
			case err != nil:
				return err
			}
			fmt.Fprintf(a.stderr, "%d events, %d of them new; %d files written to %s\n", done.Size, done.Size-done.Before, done.Files, out)
			if signed, ok := h.Notary.Signed(); ok && signed.Size > done.Size {
				fmt.Fprintf(a.stderr, "%d more are signed and wait for witnesses; 'probity serve' asks them, 'probity doctor' says which do not answer\n", signed.Size-done.Size)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder to write")
	return cmd
}

// waitsForWitnesses tells whether something is signed and nothing published.
func waitsForWitnesses(n *notary.Notary) bool {
	if n == nil {
		return false
	}
	_, signed := n.Signed()
	_, published := n.Head()
	return signed && !published
}
