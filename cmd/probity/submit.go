package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// submitted is one line of what 'submit' prints: what became of a command.
type submitted struct {
	Line     int              `json:"line"`
	ID       string           `json:"id,omitzero"`
	Recorded bool             `json:"recorded"`
	Repeated bool             `json:"repeated,omitzero"`
	Stream   string           `json:"stream,omitzero"`
	Revision int64            `json:"revision,omitzero"`
	Events   []domain.EventID `json:"events,omitempty"`
	// Proofs are the files of the events' receipts, with --proof.
	Proofs  []string `json:"proofs,omitempty"`
	Refusal *refusal `json:"refusal,omitempty"`
}

type refusal struct {
	Code    domain.Code `json:"code"`
	Field   string      `json:"field,omitzero"`
	Message string      `json:"message"`
	Rule    string      `json:"rule,omitzero"`
}

// maxCommandLine bounds one line of NDJSON; the ledger takes no larger event.
// What was prepared holds the command and its events.
const maxCommandLine = 8 * ledger.MaxEnvelope

func (a *app) submitCmd() *cobra.Command {
	var plainKey bool
	var signs signing
	var proofs string
	cmd := &cobra.Command{
		Use:   "submit FILE|-",
		Short: "Record commands, one JSON object a line",
		Long: `Reads commands as NDJSON and records them in order. Each prints one line of JSON:
what was recorded, or the refusal with its code, field and rule. A refused
command does not stop those after it; the exit code is then 1. A command whose
id was recorded before on the same subject is not recorded again, so a file may
be submitted twice.

With --proof DIR each command waits until a signed checkpoint of the transparency
log covers its events, and DIR gets a receipt for each: EVENT-ID.tlog-proof, which
'probity verify --receipt' and docs/verify-by-hand.md check.

A command: {"id": "…", "command": "complaint.receive", "subject": "C-1",
"actor": "intake-zhao", "role": "intake", "occurredAt": "2024-03-04T09:30:00+08:00",
"data": {…}}. Only "occurredAt" may be left out; it then means now.

Who reported goes beside the data of complaint.receive, as "reporter": {"name",
"phone", "email", "address", "document", "note"}, each optional. It is sealed
before anything is recorded (see 'probity export reporter'). So are a "question" beside
complaint.ask_reporter and a "reply" beside complaint.reply; of a "receipt" code beside
complaint.receive only what Argon2id makes of it is kept (docs/sealed.md).

Where the rulebook asks for the signature of the one who acts, --key signs with their
key in one go. Where the key is kept elsewhere: --prepare prints what will be recorded
(good for one hour, and as long as nobody else acts on the same subject), --sign
adds the signature on any machine, and --signed records it.`,
		Example: example("probity submit commands.ndjson", "probity submit --proof receipts commands.ndjson",
			"probity submit --key chen.key decisions.ndjson",
			"probity submit --prepare decisions.ndjson > prepared", "probity submit --sign --key chen.key prepared > signed", "probity submit --signed signed",
			`echo '{"id":"1","command":"unit.establish","subject":"hq","actor":"hr-li","role":"hr","data":{"name":"海关","kind":"agency"}}' | probity submit -`),
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := signs.check(); err != nil {
				return err
			}
			in, err := a.input(args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			signer, err := a.signer(signs)
			if err != nil {
				return err
			}
			if signs.sign {
				return a.submit(cmd.Context(), in, signs.step(nil, signer))
			}
			h, err := a.openWriting(cmd.Context(), plainKey)
			if err != nil {
				return err
			}
			defer closing(h, &err)
			defer func() {
				if h.NewSealKey() {
					fmt.Fprintf(a.stderr, "made a new seal key in %s: back it up with the passphrase, and the vault beside it apart from both\n", a.data)
				}
			}()
			do := signs.step(h, signer)
			if proofs == "" {
				return a.submit(cmd.Context(), in, do)
			}
			p, err := startProofs(cmd.Context(), h, proofs)
			if err != nil {
				return err
			}
			err = a.submit(cmd.Context(), in, p.after(do))
			return errors.Join(err, p.stop())
		},
	}
	cmd.Flags().StringVar(&proofs, "proof", "", "wait for the proof of each event and write its receipt into this folder")
	cmd.Flags().BoolVar(&plainKey, "plain-key", false, "on first start, keep the signing key unencrypted")
	signs.flags(cmd.Flags())
	return cmd
}

func (a *app) submit(ctx context.Context, in io.Reader, do step) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxCommandLine)
	refused, n := 0, 0
	for lines.Scan() {
		n++
		line := lines.Bytes()
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff")) // as Windows programs begin a file
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		out, raw, err := do(ctx, line)
		if out, err = out.result(n, err); err != nil {
			return err
		}
		if out.Refusal != nil {
			refused++
		}
		if raw == nil {
			if raw, err = json.Marshal(out); err != nil {
				return err
			}
		}
		if _, err := a.stdout.Write(append(raw, '\n')); err != nil {
			return fmt.Errorf("print the result of line %d: %w", n, err)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return hinted{fmt.Errorf("line %d is longer than %d bytes; nothing after it was read", n+1, maxCommandLine), "file long matter as evidence: by digest, media type and size"}
	} else if err != nil {
		return fmt.Errorf("read line %d: %w", n+1, err)
	}
	if refused > 0 {
		return fmt.Errorf("%d of %d commands were refused", refused, n)
	}
	return nil
}
