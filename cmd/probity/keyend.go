package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
)

func (a *app) keyListCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the keys of the ledger and of its authors, and what became of them",
		Long: `Goes through the whole ledger, verifying it, and lists every key in the order of
its enrolment: purpose, holder, at which positions it was enrolled and ended, and
how many signatures it made. It works beside a running server.

What is in doubt since a key was revoked is listed too; see docs/keys.md.`,
		Example: example("probity key list", "probity key list --json"),
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := a.openReading()
			if err != nil {
				return err
			}
			defer h.Close()
			report, err := a.verifyAll(cmd.Context(), h)
			if asJSON {
				out := json.NewEncoder(a.stdout)
				out.SetIndent("", "  ")
				return errors.Join(out.Encode(map[string]any{"keys": report.Keys, "doubts": report.Doubts}), err)
			}
			for _, k := range report.Keys {
				fmt.Fprintf(a.stdout, "%s  %-6s %-10s %-8s %s\n", k.ID, k.Purpose, k.Algorithm, status(k), life(k))
			}
			for _, d := range report.Doubts {
				fmt.Fprintf(a.stdout, "in doubt: positions %s to %s, signed by %s\n", d.From, d.Through, d.Key)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func status(k ledger.KeyReport) string {
	switch {
	case k.Revoked:
		return "revoked"
	case k.Ended != ledger.Start:
		return "retired"
	}
	return "active"
}

func life(k ledger.KeyReport) string {
	s := "trusted from the beginning"
	if k.Enrolled != ledger.Start {
		s = "enrolled at " + k.Enrolled.String()
	}
	if k.Holder != "" {
		s = "of " + string(k.Holder) + ", " + s
	}
	if k.Ended != ledger.Start {
		s += ", ended at " + k.Ended.String()
	}
	if k.Revoked {
		s += ", void from " + k.RevokedFrom.String()
	}
	return fmt.Sprintf("%s, %d signatures", s, k.Signatures)
}

func (a *app) verifyAll(ctx context.Context, h *house.House) (ledger.Report, error) {
	bar := a.progress("verifying", -1)
	defer bar.done()
	return ledger.Verify(ctx, h.Store, ledger.VerifyConfig{Codec: h.Codec, Keys: h.Keys, Progress: bar.set})
}

func (a *app) keyRetireCmd() *cobra.Command {
	var reason string
	var who actor
	cmd := &cobra.Command{
		Use:     "retire KEY --reason TEXT --by ID",
		Short:   "End a key that nobody misused",
		Long:    "Records that the key counts no longer. What it signed stands. A key that may be in the wrong hands is revoked instead.",
		Example: example(`probity key retire chen.key.pub --reason "leaves the service" --by hr-li --role hr`),
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.onKey(cmd.Context(), args[0], &who, func(h *house.House, id ledger.KeyID, by domain.ActorID, role domain.Role) error {
				return a.retire(cmd.Context(), h, id, reason, by, role)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why")
	who.flags(cmd.Flags(), domain.RoleLeader)
	return cmd
}

func (a *app) retire(ctx context.Context, h *house.House, id ledger.KeyID, reason string, by domain.ActorID, role domain.Role) error {
	if _, err := h.Recorder.Record(ctx, house.OnKey(id, key.Retire{Reason: reason}, by, role)); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s is retired\n", id)
	return nil
}

func (a *app) keyRevokeCmd() *cobra.Command {
	var reason string
	var from int64
	var who actor
	cmd := &cobra.Command{
		Use:   "revoke KEY --from POSITION --reason TEXT --by ID",
		Short: "End a key that is, or may be, in the wrong hands",
		Long: `Records that the key counts no longer, and never did from --from on: the place in
the log of the first event that may not be its holder's own doing, as 'probity key list'
has them: 1 is the first event of all. Where the store is in the data folder, that is the
position of the event. Earlier events stand. Later
ones fail to verify until another person has gone through them and vouches for them
('probity key vouch').

A key of the ledger is revoked by two persons: the first run proposes it, a second run by
another person confirms it. The ledger must sign with another key by then.`,
		Example: example(`probity key revoke 560f60da… --from 9412 --reason "the server was stolen" --by leader-chen`,
			`probity key revoke 560f60da… --from 9412 --reason "the server was stolen" --by leader-gu`),
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.onKey(cmd.Context(), args[0], &who, func(h *house.House, id ledger.KeyID, by domain.ActorID, role domain.Role) error {
				return a.revoke(cmd.Context(), h, id, key.Revoke{Reason: reason, From: from}, by, role)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why")
	cmd.Flags().Int64Var(&from, "from", 0, "position from which it never counted")
	who.flags(cmd.Flags(), domain.RoleLeader)
	return cmd
}

func (a *app) revoke(ctx context.Context, h *house.House, id ledger.KeyID, c key.Revoke, by domain.ActorID, role domain.Role) error {
	events, err := h.Events(ctx)
	if err != nil {
		return err
	}
	if c.From > events {
		return usagef("--from %d: the ledger ends at position %d of its log", c.From, events)
	}
	state, err := h.KeyState(ctx, id)
	if err != nil {
		return err
	}
	propose := state.Purpose != domain.KeyOfAuthor && (state.Proposal == nil || state.Proposal.By == by)
	if !propose {
		if _, err := h.Recorder.Record(ctx, house.OnKey(id, c, by, role)); err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "%s is revoked from position %d on\n", id, c.From)
		fmt.Fprintln(a.stderr, "see what is in doubt with 'probity key list', go through it, then 'probity key vouch'")
		return nil
	}
	if _, err := h.Recorder.Record(ctx, house.OnKey(id, key.ProposeRevocation(c), by, role)); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "the revocation of %s from position %d on is proposed\n", id, c.From)
	fmt.Fprintln(a.stderr, "another person confirms it with the same command and their own --by")
	return nil
}

func (a *app) keyVouchCmd() *cobra.Command {
	var reason string
	var who actor
	cmd := &cobra.Command{
		Use:   "vouch KEY --reason TEXT --by ID",
		Short: "Let stand what a revoked key signed, after going through it",
		Long: `After a revocation, what the key signed from the position on is in doubt and the
ledger does not verify. Compare those events with papers, backups, or the copies of
witnesses; then vouch for them. The event names the digest of the whole history up to
there: another history does not verify. Records that turn out to be wrong are
corrected by new events, like any other.

Not the person who revoked the key; another one vouches.`,
		Example: example(`probity key vouch 560f60da… --reason "compared with the registry book of the week" --by leader-chen`),
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.onKey(cmd.Context(), args[0], &who, func(h *house.House, id ledger.KeyID, by domain.ActorID, role domain.Role) error {
				return a.vouch(cmd.Context(), h, id, reason, by, role)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "how it was gone through, and what of it is forged")
	who.flags(cmd.Flags(), domain.RoleLeader)
	return cmd
}

func (a *app) vouch(ctx context.Context, h *house.House, id ledger.KeyID, reason string, by domain.ActorID, role domain.Role) error {
	report, err := a.verifyAll(ctx, h)
	var last *ledger.Doubt
	for i := range report.Doubts {
		if report.Doubts[i].Key == id {
			last = &report.Doubts[i]
		}
	}
	if last == nil {
		return errors.Join(err, fmt.Errorf("nothing that %s signed is in doubt", id))
	}
	c := key.Vouch{Through: int64(last.Through), Digest: last.Digest, Reason: reason}
	if _, err := h.Recorder.Record(ctx, house.OnKey(id, c, by, role)); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "what %s signed up to position %s stands: history %s\n", id, last.Through, last.Digest)
	return nil
}

// onKey opens the ledger for a verb about one key.
func (a *app) onKey(ctx context.Context, arg string, who *actor, do func(*house.House, ledger.KeyID, domain.ActorID, domain.Role) error) error {
	by, role, err := who.check()
	if err != nil {
		return err
	}
	id, err := keyID(arg)
	if err != nil {
		return err
	}
	h, err := a.openKeys(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	return do(h, id, by, role)
}
