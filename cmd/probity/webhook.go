package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/graphql/hooks"
	"github.com/probity-ledger/probity/ledger"
)

func (a *app) webhookCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "webhook",
		Short: "Look at webhooks, try one, send again",
		Long: `Webhooks tell other systems what is recorded. 'probity serve' sends those of its
settings, signed by the Standard Webhooks specification, and again until they are
taken; docs/webhooks.md says how they are set up and verified.

'list' shows how far each has come, 'dead' the messages that were given up after
the last attempt. 'retry' sends those again, tries at once what waits, and lets a
webhook go on that was stopped; 'replay' sends everything from a position on again.
Both are taken up by the server within a second or two, or by its next start. 'test'
sends a message that tells of nothing, from here.`,
		Example: example("probity webhook list --config /etc/probity.yaml", "probity webhook test payroll --config /etc/probity.yaml",
			"probity webhook replay payroll --from 120340 --config /etc/probity.yaml"),
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.webhookListCmd(), a.webhookDeadCmd(), a.webhookReplayCmd(), a.webhookRetryCmd(), a.webhookTestCmd())
	return cmd
}

// webhooks are those of the settings: all, or the one that is named.
func (a *app) webhooks(args []string) ([]hooks.Hook, error) {
	s, err := a.serverSettings()
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return s.Hooks, nil
	}
	i := slices.IndexFunc(s.Hooks, func(h hooks.Hook) bool { return h.Name == args[0] })
	if i < 0 {
		names := make([]string, len(s.Hooks))
		for i, h := range s.Hooks {
			names[i] = h.Name
		}
		return nil, hinted{usagef("the settings have no webhook %q; there are: %s", args[0], strings.Join(names, ", ")), "name the settings with --config or PROBITY_CONFIG"}
	}
	return s.Hooks[i : i+1], nil
}

// kept is a webhook and what is kept of it.
type kept struct {
	Name     string          `json:"name"`
	New      bool            `json:"new,omitempty"`
	Position ledger.Position `json:"position"`
	hooks.State
}

// keptOf reads what is kept of webhooks.
func (a *app) keptOf(ctx context.Context, args []string) ([]kept, error) {
	list, err := a.webhooks(args)
	if err != nil {
		return nil, err
	}
	keeper, _, done, err := house.HookKeeper(ctx, a.house())
	if err != nil {
		return nil, err
	}
	defer done()
	out := make([]kept, len(list))
	for i, h := range list {
		s, found, err := keeper.Load(ctx, h.Name)
		if err != nil {
			return nil, err
		}
		out[i] = kept{h.Name, !found, s.Position, s}
	}
	return out, nil
}

func (a *app) webhookListCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "Show how far each webhook has come",
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := a.keptOf(cmd.Context(), args)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(a.stdout).Encode(list)
			}
			for _, k := range list {
				fmt.Fprintf(a.stdout, "%-20s %s\n", k.Name, k.text())
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print them as JSON")
	return cmd
}

func (k kept) text() string {
	if k.New {
		return "sent nothing yet: it begins where the ledger stands when the server starts"
	}
	text := "position " + k.Position.String()
	if n := len(k.Dead); n > 0 {
		text += fmt.Sprintf(", %d given up", n)
	}
	switch {
	case k.Stopped != "":
		text += ", stopped " + k.Since.UTC().Format(time.RFC3339) + ": " + k.Stopped
	case k.Attempt.Count > 0:
		text += fmt.Sprintf(", attempt %d of %s failed: %s; the next %s", k.Attempt.Count, k.Attempt.ID, k.Attempt.Why, k.Attempt.Next.UTC().Format(time.RFC3339))
	}
	return text
}

func (a *app) webhookDeadCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "dead [NAME]", Short: "List the messages that were given up",
		Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := a.keptOf(cmd.Context(), args)
			if err != nil {
				return err
			}
			for _, k := range list {
				for _, d := range k.Dead {
					if asJSON {
						err = json.NewEncoder(a.stdout).Encode(struct {
							Webhook string `json:"webhook"`
							hooks.Dead
						}{k.Name, d})
						if err != nil {
							return err
						}
						continue
					}
					what := string(d.Kind)
					if what == "" {
						what = hooks.NoticeType
					}
					fmt.Fprintf(a.stdout, "%-20s %s %s %s at position %s, %d attempts: %s\n", k.Name, d.At.UTC().Format(time.RFC3339), d.ID, what, d.Position, d.Attempts, d.Why)
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print them as JSON, a line each")
	return cmd
}

func (a *app) webhookReplayCmd() *cobra.Command {
	var from uint64
	cmd := &cobra.Command{
		Use: "replay NAME --from POSITION", Short: "Send everything from a position on again",
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("from") {
				return usagef("--from is required: the position to begin with; 0 is the beginning of the ledger")
			}
			behind := ledger.Position(max(from, 1) - 1)
			return a.askHook(cmd.Context(), args, hooks.Ask{Replay: &behind})
		},
	}
	cmd.Flags().Uint64Var(&from, "from", 0, "the position to begin with, as messages have it")
	return cmd
}

func (a *app) webhookRetryCmd() *cobra.Command {
	return &cobra.Command{
		Use: "retry NAME", Short: "Send again what was given up, and go on",
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.askHook(cmd.Context(), args, hooks.Ask{Retry: true})
		},
	}
}

// askHook leaves to the server what is asked of a webhook.
func (a *app) askHook(ctx context.Context, args []string, ask hooks.Ask) error {
	list, err := a.webhooks(args)
	if err != nil {
		return err
	}
	keeper, _, done, err := house.HookKeeper(ctx, a.house())
	if err != nil {
		return err
	}
	defer done()
	if err := keeper.Ask(ctx, list[0].Name, ask); err != nil {
		return err
	}
	fmt.Fprintln(a.stderr, "a server that runs takes it up within a second or two, else its next start does")
	return nil
}

func (a *app) webhookTestCmd() *cobra.Command {
	return &cobra.Command{
		Use: "test NAME", Short: "Send a message that tells of nothing",
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := a.webhooks(args)
			if err != nil {
				return err
			}
			_, origin, done, err := house.HookKeeper(cmd.Context(), a.house())
			if err != nil {
				return err
			}
			defer done()
			if err := hooks.Try(cmd.Context(), list[0], origin); err != nil {
				return fmt.Errorf("the receiver did not take it: %w", err)
			}
			fmt.Fprintln(a.stdout, "the receiver took it")
			return nil
		},
	}
}
