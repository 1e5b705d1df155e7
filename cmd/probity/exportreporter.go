package main

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger/seal"
)

func (a *app) exportReporterCmd() *cobra.Command {
	var id, reason, as string
	cmd := &cobra.Command{
		Use:   "reporter --complaint ID --reason TEXT --as intake:SUBJECT[@UNIT,…]",
		Short: "Open the sealed identity of who reported a complaint",
		Long: `Shows who reported a complaint, to standard output as JSON. Only the intake role
opens an identity, of complaints in its units, and nobody who is complained
about, was recused, or has a tie to the matter. The opening is recorded first,
with who, when and why, and stays in the ledger; the identity does not.

It writes to the ledger. While a server holds the folder, ask that one with the
GraphQL mutation unsealReporter(complaint:, reason:). To erase an identity give
the command complaint.erase_reporter to 'probity submit'.`,
		Example: example(`probity export reporter --complaint C-1 --reason "to ask for the date of the visit" --as intake:zhao@hq`,
			`echo '{"id":"e1","command":"complaint.erase_reporter","subject":"C-1","actor":"zhao","role":"intake","data":{"ground":"个人信息保护法 art. 47"}}' | probity submit -`),
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case id == "":
				return usagef("--complaint is required: whose reporter is to be shown")
			case reason == "":
				return usagef("--reason is required: it is recorded with the opening")
			case as == "":
				return hinted{usagef("--as is required: who opens it"), "write intake:SUBJECT@UNIT, as in intake:zhao@hq"}
			}
			who, err := asPrincipal(as)
			if err != nil {
				return err
			}
			there, err := a.openReading() // opening to write would begin a ledger
			if err != nil {
				return err
			}
			if err := there.Close(); err != nil {
				return err
			}
			h, err := a.openWriting(cmd.Context(), false)
			if err != nil {
				return err
			}
			defer h.Close()
			if err := h.OpenViews(cmd.Context(), nil); err != nil {
				return err
			}
			if err := h.CatchUpViews(cmd.Context()); err != nil {
				return err
			}
			opened, err := h.Unseal(cmd.Context(), who, domain.ComplaintID(id), reason)
			if errors.Is(err, seal.ErrNoKey) {
				return hinted{err, "put the vault folder back from its backup; erasures recorded since are carried out again at the next start"}
			}
			if err != nil {
				return err
			}
			raw, err := json.Marshal(opened, jsontext.WithIndent("  "))
			if err == nil {
				_, err = a.stdout.Write(append(raw, '\n'))
			}
			return err
		},
	}
	cmd.Flags().StringVar(&id, "complaint", "", "the complaint whose reporter is to be shown")
	cmd.Flags().StringVar(&reason, "reason", "", "what the identity is needed for; recorded, and read by others")
	cmd.Flags().StringVar(&as, "as", "", "who opens it: intake:SUBJECT[@UNIT,…]")
	return cmd
}
