package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// redactedForm names the form of the export, its first line.
const redactedForm = "probity.events/v1"

// mayKnowOfGaps are the roles that may be told that something was left out:
// to HR and to an officer the gap itself would tell of an inquiry.
var mayKnowOfGaps = []domain.Role{domain.RoleAuditor, domain.RoleInspector, domain.RoleLeader, domain.RoleIntake, domain.RoleHandler}

// exportHead is the first line: of which ledger, up to where, for whom.
type exportHead struct {
	Export string          `json:"export"`
	Ledger string          `json:"ledger"`
	UpTo   string          `json:"upTo"`
	For    string          `json:"for"`
	Role   domain.Role     `json:"role"`
	As     string          `json:"as"`
	Units  []domain.UnitID `json:"units,omitempty"`
}

// exportLine is one event: its envelope, or the digest of its payload.
type exportLine struct {
	Position string         `json:"position"`
	Stream   string         `json:"stream"`
	Revision int64          `json:"revision"`
	Envelope jsontext.Value `json:"envelope,omitzero"`
	Withheld string         `json:"withheld,omitzero"`
}

// exportEnd is the last line, so that a file cut short shows.
type exportEnd struct {
	Streams  int `json:"streams"`
	Events   int `json:"events"`
	Withheld int `json:"withheld"`
}

func (a *app) exportEventsCmd() *cobra.Command {
	var recipient, as string
	cmd := &cobra.Command{
		Use:   "events --for RECIPIENT --as ROLE:SUBJECT[@UNIT,…]",
		Short: "Signed events for a named recipient, with digests of what is left out",
		Long: `Writes, as NDJSON, the events that the role may see, each in its signed envelope
and in the order of the ledger. Sealed fields stay sealed. Of every stream in
which the recipient sees anything, an event that is left out stands as the
SHA-256 of its payload: each event names the digest of the one before it, so the
recipient can check that a stream has no other gap. How: docs/sealed.md.

Not for hr, officer, overseer and public: to them a gap would tell what they may
not know.`,
		Example: example(`probity export events --for "Hongkou inspection, case 12" --as inspector:sun@hq > events.ndjson`),
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if recipient == "" {
				return usagef("--for is required: who gets the export")
			}
			who, err := asPrincipal(as)
			if err != nil {
				return err
			}
			if !slices.Contains(mayKnowOfGaps, who.Role) {
				return usagef("--as %s: an export shows where events are left out, which this role may not know; use one of %v, or 'probity export records'", who.Role, mayKnowOfGaps)
			}
			h, err := a.openReading()
			if err != nil {
				return err
			}
			defer h.Close()
			if err := h.OpenViews(cmd.Context(), nil); err != nil {
				return err
			}
			out := bufio.NewWriter(a.stdout)
			err = exportEvents(cmd.Context(), h, who, recipient, out)
			return errors.Join(err, out.Flush())
		},
	}
	cmd.Flags().StringVar(&recipient, "for", "", "who gets the export; stands in its first line")
	cmd.Flags().StringVar(&as, "as", "", "what it holds: ROLE:SUBJECT[@UNIT,…]")
	return cmd
}

// exportEvents walks the ledger twice: first for what the recipient sees, as
// far as the views are, then to write the streams it lies in.
func exportEvents(ctx context.Context, h *house.House, who projections.Principal, recipient string, out io.Writer) error {
	upTo, err := h.Views.Position(ctx)
	if err != nil {
		return err
	}
	seen, streams, err := findSeen(ctx, h, who, upTo)
	if err != nil {
		return err
	}
	line := func(v any) error {
		raw, err := json.Marshal(v)
		if err == nil {
			_, err = out.Write(append(raw, '\n'))
		}
		return err
	}
	err = line(exportHead{redactedForm, h.Codec.Origin(), upTo.String(), recipient, who.Role, who.Subject, who.Units})
	if err != nil {
		return err
	}
	end := exportEnd{Streams: len(streams)}
	for s, err := range h.Store.ReadAll(ctx, ledger.Start) {
		if err != nil {
			return err
		}
		if s.Position > upTo {
			break
		}
		if !streams[s.Stream] {
			continue
		}
		l := exportLine{Position: s.Position.String(), Stream: s.Stream, Revision: int64(s.Revision)}
		if seen[s.Position] {
			l.Envelope = jsontext.Value(s.Envelope)
			end.Events++
		} else {
			envelope, err := ledger.OpenEnvelope(s.Envelope)
			if err != nil {
				return &ledger.IntegrityError{Position: s.Position, Stream: s.Stream, Revision: s.Revision, What: err.Error()}
			}
			digest := ledger.HashPayload(envelope.Payload)
			l.Withheld = "sha256:" + hex.EncodeToString(digest[:])
			end.Withheld++
		}
		if err := line(l); err != nil {
			return err
		}
	}
	return line(end)
}

// findSeen asks the views, in batches, which events the principal sees, and
// in which streams any of them lies.
func findSeen(ctx context.Context, h *house.House, who projections.Principal, upTo ledger.Position) (map[ledger.Position]bool, map[string]bool, error) {
	const batch = 200
	reader := h.Views.As(who)
	seen, streams := map[ledger.Position]bool{}, map[string]bool{}
	var ids []domain.EventID
	ask := func() error {
		found, err := reader.EventsByID(ctx, ids)
		for _, e := range found {
			seen[e.Position], streams[e.Subject.Stream()] = !e.Veiled, true // the envelope tells more
		}
		ids = ids[:0]
		return err
	}
	for s, err := range h.Store.ReadAll(ctx, ledger.Start) {
		if err != nil {
			return nil, nil, err
		}
		if s.Position > upTo {
			break
		}
		if ids = append(ids, domain.EventID(s.ID.String())); len(ids) == batch {
			if err := ask(); err != nil {
				return nil, nil, err
			}
		}
	}
	return seen, streams, ask()
}
