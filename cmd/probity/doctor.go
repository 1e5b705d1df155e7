package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/probity/doctor"
	"github.com/probity-ledger/probity/cmd/probity/settings"
	"github.com/probity-ledger/probity/ledger"
)

func (a *app) doctorCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look everything over and say what is wrong and how to mend it",
		Long: `Looks at the data folder (permissions, space, file system, flushes), at every key
(parsed, tried with its passphrase, enrolled or ended), at the head of the ledger
and its last event's signature, the rulebooks, the seal of identities, the log's
last checkpoint, the witnesses and the views. It prints the digest by which
'rulebook.adopt' names each rulebook file.

With --config, or settings in the environment, it connects to what they name as
well: the KurrentDB, the PostgreSQL, the issuers of sign-in tokens, the witnesses
and the receivers of webhooks, which are sent nothing; it looks at certificates, at files with secrets in them, and whether
all clocks agree.

It changes nothing and works beside a running server. 'probity verify' checks
every event. Exit code 1 when something is wrong, 3 when it is the integrity of
what is recorded. docs/doctor.md lists the checks.`,
		Example: example("probity doctor --data /srv/probity --config /etc/probity.yaml", "probity doctor --json"),
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.patient()
			if err != nil {
				return err
			}
			found := doctor.Examine(cmd.Context(), p, doctor.Checks())
			if asJSON {
				err = printFindingsJSON(a.stdout, found)
			} else {
				printFindings(a.stdout, found)
			}
			return errors.Join(err, p.Close(), verdict(found))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	return cmd
}

// patient is what the settings lead to. Mistakes in them are wrong usage, as
// for 'serve'.
func (a *app) patient() (*doctor.Patient, error) {
	s, err := a.serverSettings()
	if err != nil {
		return nil, err
	}
	v := a.settings
	p := &doctor.Patient{
		Dir: a.data, Store: a.store, Credentials: a.storeCredentials, Views: a.views, Open: a.openReading, Passphrase: a.knownPassphrase,
		Issuers: s.Front.Issuers, Witnesses: s.Witnesses.asked, Hooks: s.Hooks, Configured: a.config != "", Now: time.Now,
	}
	p.TLS.Cert, p.TLS.Key = s.Front.cert, s.Front.key
	for _, name := range []string{"passphrase-file", "key-passphrase-file", "store-credentials-file", "store-key", "views-password-file", "tls.key"} {
		if path := v.Path(name); path != "" {
			p.Secrets = append(p.Secrets, doctor.File{Setting: name, Path: path})
		}
	}
	for i := range v.Entries("webhooks") {
		if name := settings.Entry("webhooks", i) + ".secret-file"; v.Path(name) != "" {
			p.Secrets = append(p.Secrets, doctor.File{Setting: name, Path: v.Path(name)})
		}
	}
	names := []string{"store-ca", "store-cert"}
	for i := range v.Entries("issuers") {
		names = append(names, fmt.Sprintf("issuers[%d].ca", i))
	}
	for _, name := range names {
		if path := v.Path(name); path != "" {
			p.Certificates = append(p.Certificates, doctor.File{Setting: name, Path: path})
		}
	}
	return p, nil
}

// verdict is nil where nothing is wrong.
func verdict(found []doctor.Finding) error {
	failed, first, integrity := doctor.Worst(found)
	if failed == 0 {
		return nil
	}
	err := fmt.Errorf("%d of the checks failed; the first: %w", failed, first)
	if integrity && exitCodeOf(err) != exitIntegrity {
		return &ledger.IntegrityError{What: err.Error()}
	}
	return err
}

// mendOf says what to do about a finding.
func mendOf(f doctor.Finding) string {
	if f.Mend == "" && f.Err() != nil {
		return hintOf(f.Err())
	}
	return f.Mend
}

var levelWords = map[doctor.Level]string{doctor.OK: "ok", doctor.Note: "", doctor.Warn: "warn", doctor.NotRun: "skip", doctor.Fail: "FAIL"}

func printFindings(w io.Writer, found []doctor.Finding) {
	for _, f := range found {
		subject, text := f.Subject, f.Text
		switch f.Level {
		case doctor.Note:
			subject = ""
		case doctor.NotRun:
			text = "not run: " + text
		}
		fmt.Fprintf(w, "%-5s %-12s %s\n", levelWords[f.Level], subject, text)
		if mend := mendOf(f); mend != "" {
			fmt.Fprintf(w, "%-5s %-12s %s\n", "", "", mend)
		}
	}
}

func printFindingsJSON(w io.Writer, found []doctor.Finding) error {
	for i := range found {
		found[i].Mend = mendOf(found[i])
	}
	failed, _, integrity := doctor.Worst(found)
	raw, err := json.MarshalIndent(struct {
		Well      bool             `json:"well"`
		Integrity bool             `json:"integrityFailure"`
		Failed    int              `json:"failed"`
		Findings  []doctor.Finding `json:"findings"`
	}{failed == 0, integrity, failed, found}, "", "  ")
	if err == nil {
		_, err = fmt.Fprintln(w, string(raw))
	}
	return err
}
