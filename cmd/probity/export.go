package main

import "github.com/spf13/cobra"

func (a *app) exportCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write records out for other programs",
		Args:  usageArgs(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.exportRecordsCmd(), a.exportEventsCmd(), a.exportReporterCmd(), a.exportLogCmd(), a.exportProofCmd(), a.exportPaperCmd())
	return cmd
}
