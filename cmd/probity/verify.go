package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// verification is what 'verify --json' prints.
type verification struct {
	OK      bool          `json:"ok"`
	Failure *failure      `json:"failure,omitempty"`
	Report  ledger.Report `json:"report"`
}

type failure struct {
	Position string `json:"position"`
	Stream   string `json:"stream,omitempty"`
	Revision int64  `json:"revision"`
	What     string `json:"what"`
}

func (a *app) verifyCmd() *cobra.Command {
	var keyFile string
	var asJSON, fast bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check every signature, revision and predecessor of the ledger",
		Long: `Reads the whole ledger and checks every event: the envelope, every signature,
strict decoding, its place in its stream, and that it follows its predecessor.
It works beside a running server and changes nothing.

Exit code 0: all is right. 3: something is not what was recorded; the first such
event is named. Without --key the public keys in the data folder are used; an
auditor brings their own copy.`,
		Example: example("probity verify", "probity verify --data /srv/probity --key ledger.pub --json"),
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := a.openReading()
			if err != nil {
				return err
			}
			defer h.Close()
			keys := h.Keys
			if keyFile != "" {
				publics, err := house.ReadPublicKeys(keyFile)
				if err != nil {
					return usageError{err}
				}
				if keys, err = ledger.NewKeyring(publics...); err != nil {
					return usageError{err}
				}
			}
			bar := a.progress("verifying", -1)
			report, err := ledger.Verify(cmd.Context(), h.Store, ledger.VerifyConfig{
				Codec: h.Codec, Keys: keys, Fast: fast, Progress: bar.set,
			})
			bar.done()
			if asJSON {
				return errors.Join(writeVerification(a.stdout, report, err), err)
			}
			if err != nil {
				return err
			}
			printReport(a.stdout, report)
			return nil
		},
	}
	cmd.Flags().StringVar(&keyFile, "key", "", "PEM file of the public keys to trust (default: the data folder's)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	cmd.Flags().BoolVar(&fast, "fast", false, "verify Ed25519 in batches: faster, and more lenient on keys crafted to deceive")
	return cmd
}

func writeVerification(w io.Writer, report ledger.Report, err error) error {
	out := verification{OK: err == nil, Report: report}
	if ie, ok := errors.AsType[*ledger.IntegrityError](err); ok {
		out.Failure = &failure{ie.Position.String(), ie.Stream, int64(ie.Revision), ie.What}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func printReport(w io.Writer, r ledger.Report) {
	fmt.Fprintf(w, "ledger    %s\n", r.Origin)
	fmt.Fprintf(w, "events    %d in %d streams, last position %s\n", r.Events, r.Streams, r.LastPosition)
	fmt.Fprintf(w, "imported  %d\n", r.Imported)
	for _, edition := range slices.Sorted(maps.Keys(r.Rulebooks)) {
		id, version := domain.ParseEdition(edition)
		fmt.Fprintf(w, "decided   %d under rulebook %s, version %s\n", r.Rulebooks[edition], id, version)
	}
	keys := make([]string, 0, len(r.Signatures))
	for k := range r.Signatures {
		keys = append(keys, string(k))
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Fprintf(w, "signed    %d by key %s\n", r.Signatures[ledger.KeyID(k)], k)
	}
	how := "one by one"
	if r.Fast {
		how = "in batches (--fast: cofactored, more lenient on crafted keys)"
	}
	fmt.Fprintf(w, "verified  signatures %s, in %.1f s\n", how, r.Seconds)
	for _, c := range r.NotChecked {
		fmt.Fprintf(w, "unchecked %s\n", c)
	}
	fmt.Fprintln(w, "OK: every event is what was signed, in its place, and none is missing between its neighbours")
}
