package main

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger/migrate"
)

func (a *app) migrateCmd() *cobra.Command {
	var from, to namedStore
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
			source, target, err := a.moves(from, to)
			if err != nil {
				return err
			}
			return a.migrate(cmd, source, target)
		},
	}
	cmd.Flags().StringVar(&from.store, "from", "", "the store that holds the ledger now; that of the settings when left out")
	cmd.Flags().StringVar(&from.credentials, "from-credentials", "", "where its user:password is: file:PATH or env:NAME")
	cmd.Flags().StringVar(&to.store, "to", "", "the store that it goes to")
	cmd.Flags().StringVar(&to.credentials, "to-credentials", "", "where its user:password is: file:PATH or env:NAME")
	return cmd
}

// namedStore is a store that flags name.
type namedStore struct{ store, credentials string }

// moves says from where to where the ledger goes. What replicas shared of it
// goes along, whichever of the two stores is on a server.
func (a *app) moves(from, to namedStore) (source, target house.Config, err error) {
	source, target = a.house(), a.house()
	if to.store == "" {
		return source, target, hinted{usagef("--to is required"), "see 'probity migrate --help'"}
	}
	if from.store != "" {
		source.Store, source.StoreCredentials = from.store, ""
	}
	source.StoreCredentials = cmp.Or(from.credentials, source.StoreCredentials)
	target.Store, target.StoreCredentials = to.store, to.credentials
	if err := checkNamed("--from", namedStore{source.Store, from.credentials}); err != nil {
		return source, target, err
	}
	if err := checkNamed("--to", to); err != nil {
		return source, target, err
	}
	source.Replicas = a.sharedBy(source.Store)
	target.Replicas = cmp.Or(a.sharedBy(target.Store), source.Replicas)
	return source, target, nil
}

// checkNamed refuses what names no store, a password that the list of
// processes would show, and one for a store that knows none.
func checkNamed(flag string, s namedStore) error {
	if err := house.CheckStore(s.store); err != nil {
		return hinted{usagef("%s: %w", flag, err), "see docs/kurrentdb.md"}
	}
	if hasPassword(s.store) {
		return hinted{usagef("%s has a password in it, which others can see", flag), "name the file that holds it: " + flag + "-credentials file:PATH"}
	}
	if s.store == house.StoreEmbedded && s.credentials != "" {
		return hinted{usagef("%s-credentials is for a KurrentDB, and the store is embedded", flag), "name the KurrentDB in " + flag}
	}
	return nil
}

func (a *app) migrate(cmd *cobra.Command, source, target house.Config) error {
	stages := stages{a: a}
	start := time.Now()
	done, err := house.Migrate(cmd.Context(), source, house.Move{
		To: target.Store, ToCredentials: target.StoreCredentials, Progress: stages.set})
	stages.done()
	if err != nil {
		return notMoved(err)
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

// notMoved tells a new store that is not empty from one that does not hold what
// was copied there, which is a failure of integrity.
func notMoved(err error) error {
	d, ok := errors.AsType[*migrate.Difference](err)
	if !ok || exitCodeOf(err) == exitIntegrity {
		return err
	}
	return hinted{fmt.Errorf("the new store holds something else than the beginning of this ledger: %w", d),
		"choose an empty store; nothing was changed in the folder"}
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
