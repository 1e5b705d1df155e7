package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
)

// archiveEnding tells a tar file from a folder by its name.
const archiveEnding = ".tar"

func (a *app) backupCmd() *cobra.Command {
	var out, vault string
	cmd := &cobra.Command{
		Use:   "backup --out DIR|FILE.tar|- [--vault DIR|FILE.tar]",
		Short: "Copy the data folder while it is in use",
		Long: `Copies the data folder as it is at one moment, beside a running server, which
never waits for it: the ledger, the log, keys, rulebooks and what else cannot be
made again. The views are not copied; 'probity restore' builds them. The copy is
opened and every event in it compared with the last signed checkpoint before the
backup counts as made: its last file, backup.json, holds the digest of all others.

The keys of sealed identities (vault/) go into a backup of their own, with --vault:
keep it apart from this one, and for no longer than the law allows between a request
to erase and the erasure (docs/sealed.md). Without --vault they are left out.

A name that ends in .tar makes a tar file, - writes one to standard output; it is put
together beside that file, or in TMPDIR. Keys are copied as they are, encrypted
unless you chose otherwise: keep the passphrase elsewhere.

Where the events lie in a cluster, they are not in it; keys, log, rulebooks and the
vault are. Make the cluster's own backup after it, so that the log never claims more
than the events; an identity that was sealed in between cannot be opened then. Where
replicas share views in PostgreSQL, their vault lies there too, in the schema
probity_cluster: back that up by the means of PostgreSQL, apart and for a short time
(docs/replicas.md). --vault is refused.`,
		Example: example("probity backup --data /srv/probity --out /backup/2026-11-30 --vault /backup-vault/2026-11-30",
			"probity backup --data /srv/probity --out - | age -r age1… > ledger.tar.age"),
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case out == "":
				return usagef("--out is required: a new folder, a file that ends in .tar, or - for standard output")
			case vault == "-":
				return usagef("--vault takes a folder or a file that ends in .tar, not standard output")
			}
			h, err := a.openReading()
			if err != nil {
				return err
			}
			defer h.Close()
			return a.backup(cmd, h, out, vault)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "new folder, FILE.tar, or - for standard output")
	cmd.Flags().StringVar(&vault, "vault", "", "new folder or FILE.tar for the keys of sealed identities, which are left out otherwise")
	return cmd
}

func (a *app) backup(cmd *cobra.Command, h *house.House, out, vault string) (err error) {
	started := time.Now()
	ledger, err := a.goesTo(out)
	if err != nil {
		return err
	}
	defer ledger.drop()
	keys, err := a.goesTo(vault)
	if err != nil {
		return err
	}
	defer keys.drop()
	cfg := house.BackupConfig{Dir: ledger.dir, Vault: keys.dir, LeftOut: func(name string) {
		fmt.Fprintf(a.stderr, "warning: %s is left out: it is no regular file; back up what it points to yourself\n", name)
	}}
	var copying bar
	doing := ""
	cfg.Progress = func(what string, done, total int64) {
		if what != doing {
			copying.done()
			copying, doing = a.progress(what, 0), what
		}
		copying.bytes(done, total)
	}
	m, err := h.Backup(cmd.Context(), cfg)
	copying.done()
	// The vault first: a ledger whose backup is whole has one of its vault.
	err = errors.Join(err, cmd.Context().Err())
	if err == nil {
		err = keys.finish()
	}
	if err == nil {
		err = ledger.finish()
	}
	if err != nil {
		return err
	}
	a.tellBackup(m, vault != "", time.Since(started))
	if h.SharesVault() && vault == "" {
		fmt.Fprintln(a.stderr, "keys of identities that replicas sealed are not in it: they lie in PostgreSQL, in the schema probity_cluster")
	}
	return nil
}

func (a *app) tellBackup(m house.Manifest, vault bool, took time.Duration) {
	if m.Elsewhere {
		fmt.Fprintf(a.stderr, "backed up the data folder of %s in %.1f s; its events lie in the cluster: make the cluster's own backup now\n", m.Origin, took.Seconds())
	} else {
		fmt.Fprintf(a.stderr, "backed up %d events of %s up to position %s in %.1f s; the log in it covers %d\n", m.Events, m.Origin, m.Position, took.Seconds(), m.Signed)
	}
	switch {
	case vault:
		fmt.Fprintf(a.stderr, "keys of %d sealed identities are in the backup of the vault: keep it apart, and not for long\n", m.Identities)
	case m.Identities > 0:
		fmt.Fprintf(a.stderr, "warning: the keys of %d sealed identities are not in it; --vault backs them up apart\n", m.Identities)
	}
}

// backupPlace is where one backup is made and where it goes.
type backupPlace struct {
	dir  string    // in which it is made
	temp bool      // dir is removed at the end
	file string    // the tar file to write; empty for a folder
	to   io.Writer // standard output
}

// goesTo prepares the place that a flag names; one without a name is empty.
func (a *app) goesTo(name string) (p backupPlace, err error) {
	switch {
	case name == "-":
		p.to = a.stdout
		p.dir, err = os.MkdirTemp("", "probity-backup-*")
	case strings.HasSuffix(name, archiveEnding):
		if _, err := os.Lstat(name); err == nil {
			return p, fmt.Errorf("%s exists already and is not overwritten", name)
		}
		p.file = name
		p.dir, err = os.MkdirTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	default:
		return backupPlace{dir: name}, nil
	}
	p.temp = true
	if err != nil {
		err = fmt.Errorf("make the backup: %w", err)
	}
	return p, err
}

// finish puts a backup that is whole where it goes.
func (p backupPlace) finish() error {
	if p.to != nil {
		return house.WriteArchive(p.to, p.dir)
	}
	if p.file == "" {
		return nil
	}
	f, err := createWhole(p.file)
	if err != nil {
		return err
	}
	defer f.drop()
	if err := house.WriteArchive(f, p.dir); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return f.commit()
}

// drop removes what was put together elsewhere.
func (p backupPlace) drop() {
	if p.temp {
		_ = os.RemoveAll(p.dir) // in a folder for temporary files, or beside the archive, under its name
	}
}
