package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
)

func (a *app) restoreCmd() *cobra.Command {
	var vault, key string
	cmd := &cobra.Command{
		Use:   "restore [--vault DIR|FILE.tar] DIR|FILE.tar|-",
		Short: "Put a backup back into an empty data folder, and verify it",
		Long: `Takes a backup made by 'probity backup' and puts every file back as it was, after
comparing it with the digest in backup.json; a backup that lacks anything is refused.
Then it carries out on the vault the erasures that the ledger tells of, builds the
views, and verifies every event and the log like 'probity verify'.

The data folder (--data) must not exist or be empty: nothing is overwritten.

What was recorded after the backup was begun is not in it, and restore cannot know
whether anything was. Whoever holds a later checkpoint can: an auditor with a copy of
the log, a witness, the holder of a receipt. Ask them before anybody records again,
for from then on the ledger has two pasts, and they can show it. Erasures of that time
must be given again (docs/sealed.md).

Where the events lie in a cluster, put its own backup back first and name it with
--store; without it the folder is put back and nothing verified. Erasures are then
carried out on the vault by the next verb that records; where replicas share the
vault, put the schema probity_cluster back by the means of PostgreSQL.`,
		Example: example("probity restore --data /srv/probity --vault /backup-vault/2026-11-30 /backup/2026-11-30",
			"age -d ledger.tar.age | probity restore --data /srv/probity -"),
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg := house.RestoreConfig{Dir: a.data, From: args[0], Vault: vault}
			if args[0] == "-" {
				cfg.Stream = a.stdin
			}
			r, err := house.Restore(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			tellRestored(a.stdout, r)
			if r.Elsewhere && a.store == house.StoreEmbedded {
				return nil
			}
			return a.afterRestore(cmd.Context(), key)
		},
	}
	cmd.Flags().StringVar(&vault, "vault", "", "backup of the keys of sealed identities")
	cmd.Flags().StringVar(&key, "key", "", "file of the keys to verify by (default: those in the backup)")
	return cmd
}

// afterRestore builds what a backup leaves out, and verifies the rest. Views
// that replicas share are built by the one that leads.
func (a *app) afterRestore(ctx context.Context, key string) error {
	h, err := a.openReading()
	if err != nil {
		return err
	}
	if a.house().Replicas == "" {
		building := a.progress("building the views", -1)
		err = h.OpenViews(ctx, building.position)
		building.done()
	}
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	return a.verifyLedger(ctx, verifyFlags{keyFile: key})
}

func tellRestored(w io.Writer, r house.Restored) {
	fmt.Fprintf(w, "restored  %s, as it was on %s\n", r.Origin, r.Begun.Format(time.RFC3339))
	if r.Elsewhere {
		fmt.Fprintln(w, "events    lie in a cluster: restore it from a backup made after this one, then run 'probity verify'")
	} else {
		fmt.Fprintf(w, "events    %d up to position %s; the log's last checkpoint covers %d\n", r.Events, r.Position, r.Signed)
	}
	switch {
	case r.Vault != nil && r.Elsewhere:
		fmt.Fprintf(w, "vault     as it was on %s; erasures recorded since are carried out on it by the next start, not yet\n", r.Vault.Begun.Format(time.RFC3339))
	case r.Vault != nil:
		fmt.Fprintf(w, "vault     as it was on %s; %d erasures recorded since were carried out on it\n", r.Vault.Begun.Format(time.RFC3339), r.Erased)
	case r.Identities > 0:
		fmt.Fprintf(w, "vault     not restored: the keys of %d sealed identities are in a backup of their own (--vault)\n", r.Identities)
	}
	if r.Elsewhere {
		fmt.Fprintln(w, "since     what was recorded later is there as far as the cluster has it; erasures that it does not have must be given again")
		return
	}
	fmt.Fprintln(w, "since     what was recorded later is not here; whoever holds a later checkpoint can tell. Erasures of that time must be given again")
}
