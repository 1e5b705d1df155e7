package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger/migrate"
)

func (a *app) migrateCmd() *cobra.Command {
	var from, fromCredentials, to, toCredentials string
	cmd := &cobra.Command{
		Use:   "migrate --from STORE --to STORE",
		Short: "Move the ledger into another store, byte for byte",
		Long: `Copies every event of the ledger in the data folder from one store to another,
'embedded' (ledger.db in the folder) or the URL of a KurrentDB: the same bytes, the
same signatures, in the same order, so the transparency log goes on as it is. It
compares all events, verifies every signature, and checks that the new store gives
the root of the last signed checkpoint; only then does the folder belong to the new
store, and every other verb names it with --store from then on. Views, and what the
log notes of positions, are made anew.

Nobody may record meanwhile: stop the server first. Whatever stops it, run the same
command again: it compares what is there and goes on. A store that holds anything
else is refused, with the first event that differs. ledger.db stays in the folder
under another name, and events stay in a KurrentDB; see docs/migrate.md.`,
		Example: example("probity migrate --data /srv/probity --from embedded --to 'esdb://n1:2113,n2:2113,n3:2113?tlsCAFile=ca.pem'",
			"probity migrate --data /srv/probity --from 'esdb://n1:2113,n2:2113,n3:2113?tlsCAFile=ca.pem' --to embedded"),
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to == "" {
				return hinted{usagef("--to is required"), "see 'probity migrate --help'"}
			}
			source, target := a.house(), a.house()
			if from != "" {
				source.Store, source.StoreCredentials = from, fromCredentials
			}
			target.Store, target.StoreCredentials = to, toCredentials
			for flag, store := range map[string]string{"--from": source.Store, "--to": to} {
				if err := checkNamed(flag, store); err != nil {
					return err
				}
			}
			return a.migrate(cmd, source, target)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "the store that holds the ledger now; that of the settings when left out")
	cmd.Flags().StringVar(&fromCredentials, "from-credentials", "", "where its user:password is: file:PATH or env:NAME")
	cmd.Flags().StringVar(&to, "to", "", "the store that it goes to")
	cmd.Flags().StringVar(&toCredentials, "to-credentials", "", "where its user:password is: file:PATH or env:NAME")
	return cmd
}

// checkNamed refuses what names no store, and a password that the list of
// processes would show.
func checkNamed(flag, store string) error {
	if err := house.CheckStore(store); err != nil {
		return hinted{usagef("%s: %w", flag, err), "see docs/kurrentdb.md"}
	}
	if hasPassword(store) {
		return hinted{usagef("%s has a password in it, which others can see", flag), "name the file that holds it: " + flag + "-credentials file:PATH"}
	}
	return nil
}

func (a *app) migrate(cmd *cobra.Command, source, target house.Config) error {
	stages := stages{a: a}
	start := time.Now()
	done, err := house.Migrate(cmd.Context(), source, house.Move{
		To: target.Store, ToCredentials: target.StoreCredentials, Progress: stages.set})
	stages.done()
	if d, ok := errors.AsType[*migrate.Difference](err); ok {
		return hinted{fmt.Errorf("the new store holds something else than the beginning of this ledger: %w", d),
			"choose an empty store; nothing was changed in the folder"}
	}
	if err != nil {
		return err
	}
	if done.Report.Events > 0 {
		fmt.Fprintf(a.stdout, "copied %d events, found %d there; all %d are the same in both, and every signature counts (%.1f s)\n",
			done.Copied.Events-done.Copied.Found, done.Copied.Found, done.Report.Events, time.Since(start).Seconds())
		fmt.Fprintf(a.stdout, "root of the tree over them: %s\n", done.Root)
	}
	if done.Signed > 0 {
		fmt.Fprintf(a.stdout, "the last signed checkpoint, over %d events, covers the new store\n", done.Signed)
	}
	err = house.FinishMigration(cmd.Context(), target, stages.set)
	stages.done()
	if err != nil {
		return err
	}
	h, err := house.Open(target) // with all its checks
	if err != nil {
		return err
	}
	if err := h.Close(); err != nil {
		return err
	}
	if done.Already {
		fmt.Fprintf(a.stdout, "nothing is left to do: the ledger in %s is in %s already\n", h.Dir, h.Store)
		return nil
	}
	fmt.Fprintf(a.stdout, "the ledger in %s is in %s now\n", h.Dir, h.Store)
	return nil
}

// stages shows a bar for each stage of a migration.
type stages struct {
	a    *app
	name string
	bar  bar
}

func (s *stages) set(stage string, events int64) {
	if stage != s.name {
		s.bar.done()
		s.name, s.bar = stage, s.a.progress(stage, -1)
	}
	s.bar.set(int(events))
}

func (s *stages) done() {
	s.bar.done()
	s.name, s.bar = "", bar{}
}
