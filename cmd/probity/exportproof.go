package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger/notary/index"
)

func (a *app) exportProofCmd() *cobra.Command {
	var out, subject, as, recipient string
	cmd := &cobra.Command{
		Use:   "proof --subject REF --out FILE",
		Short: "The whole file of a person, with the proof that nothing is left out",
		Long: `Writes every event that touches the subject, and every event of the complaints,
cases, sanctions and rewards it leads to, each with its place in the transparency
log, and the signed root of the index that says that these are all up to a
checkpoint. 'probity verify --subject REF --proof FILE' checks it with the public
keys alone: no server, no database.

REF is a room and an id, such as officer/HG-0026. Where nothing touches it, an
auditor of the whole ledger gets the proof of that.

Only an auditor draws a proof, because it tells how many events there are. With
--for, the events that the recipient may not see are listed by their place and
hash alone: the recipient learns that they exist, and the proof still shows that
none is missing.`,
		Example: example("probity export proof --subject officer/HG-0026 --out HG-0026.proof",
			"probity export proof --subject officer/HG-0026 --as auditor:sun --for hr:li@hq --out HG-0026.proof"),
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if subject == "" || out == "" {
				return usagef("--subject and --out are required: whose file, and the file to write")
			}
			ref, err := index.ParseRef(subject)
			if err != nil {
				return usageError{err}
			}
			p := house.Proof{Subject: ref}
			if p.Auditor, err = asPrincipal(as); err != nil {
				return err
			}
			if p.Recipient = p.Auditor; recipient != "" {
				if p.Recipient, err = asPrincipal(recipient); err != nil {
					return err
				}
			}
			h, err := a.openReading()
			if err != nil {
				return err
			}
			defer h.Close()
			if err := h.OpenViews(cmd.Context(), nil); err != nil {
				return err
			}
			f, err := h.ProveFile(cmd.Context(), p)
			if err != nil {
				return hintedProof(err)
			}
			raw, err := f.Marshal()
			if err != nil {
				return err
			}
			if err := os.WriteFile(out, raw, 0o600); err != nil {
				return fmt.Errorf("write the proof: %w", err)
			}
			fmt.Fprintf(a.stderr, "%d events touch %s, %d entries in all; written to %s\n", len(f.Lists[0].Indices), f.Subject, len(f.Entries), out)
			if n := f.Closed(); n > 0 {
				fmt.Fprintf(a.stderr, "warning: %d of them are not open to %s; the proof tells that they exist\n", n, p.Recipient.Subject)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&subject, "subject", "", "whose file: a room and an id, as in officer/HG-0026")
	cmd.Flags().StringVar(&out, "out", "", "file to write")
	cmd.Flags().StringVar(&as, "as", "auditor:local", "who asks: auditor:SUBJECT[@UNIT,…]")
	cmd.Flags().StringVar(&recipient, "for", "", "for whom it is: ROLE:SUBJECT[@UNIT,…] (default: who asks)")
	return cmd
}

// hintedProof says what to do when a proof cannot be drawn.
func hintedProof(err error) error {
	switch {
	case errors.Is(err, index.ErrNoIndex):
		return hinted{err, "'probity serve' signs it as soon as it runs"}
	case errors.Is(err, house.ErrViewsBehind):
		return hinted{err, "ask again in a moment; a running server brings the views up by itself"}
	case errors.Is(err, house.ErrNotAuditor):
		return hinted{err, "let an auditor draw it (--as auditor:SUBJECT) and name for whom it is with --for"}
	}
	return err
}
