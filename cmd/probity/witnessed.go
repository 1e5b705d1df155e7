package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/pflag"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/notary"
)

// witnessKeyFlags are the flags of 'verify' that concern witnesses.
type witnessKeyFlags struct {
	files  []string
	quorum int
}

func (f *witnessKeyFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.files, "witness-key", nil, "file of the witnesses' keys to trust, one a line (witness.pub); may be given several times")
	flags.IntVar(&f.quorum, "quorum", 0, "how many of these witnesses must have cosigned (default: all)")
}

// read reads the keys; none when no file is named.
func (f witnessKeyFlags) read() ([]*notary.WitnessKey, error) {
	if len(f.files) == 0 && f.quorum != 0 {
		return nil, usagef("--quorum goes with --witness-key: whose cosignatures count?")
	}
	var keys []*notary.WitnessKey
	for _, path := range f.files {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, usageError{err}
		}
		more, err := notary.ParseWitnessKeys(raw)
		if err != nil {
			return nil, usagef("%s: %w", path, err)
		}
		keys = append(keys, more...)
	}
	if err := notary.CheckWitnessKeys(keys); err != nil {
		return nil, usageError{err}
	}
	if f.quorum < 0 || f.quorum > len(keys) {
		return nil, usagef("--quorum %d: keys of %d witnesses are given", f.quorum, len(keys))
	}
	return keys, nil
}

// verifyWitnesses checks who cosigned the last checkpoint published.
func verifyWitnesses(h *house.House, report *ledger.Report, keys []*notary.WitnessKey, quorum int) (*notary.Witnessed, error) {
	if len(keys) == 0 {
		report.NotChecked = append(report.NotChecked, "witnesses (whether others were shown the same log)")
		return nil, nil
	}
	if h.Notary == nil {
		return nil, &ledger.IntegrityError{What: "no witness cosigned: there is no checkpoint yet"}
	}
	head, ok := h.Notary.Head()
	if !ok {
		return nil, &ledger.IntegrityError{What: "no witness cosigned: no checkpoint is published yet"}
	}
	w, err := notary.CheckWitnesses(head.Checkpoint, keys, quorum)
	if err == nil {
		report.Checked = append(report.Checked, fmt.Sprintf("witnesses: %d cosigned the checkpoint over %d events", len(w.Cosigned), head.Size))
		if rest := int64(report.Events) - head.Size; rest > 0 {
			report.NotChecked = append(report.NotChecked, fmt.Sprintf("witnesses for the last %d events, which the published checkpoint does not cover", rest))
		}
	}
	return &w, err
}

// printWitnessed says who cosigned and when.
func printWitnessed(w io.Writer, r *notary.Witnessed) {
	if r == nil {
		return
	}
	for _, c := range r.Cosigned {
		fmt.Fprintf(w, "cosigned  by %s at %s\n", c.Witness, c.At.Format(time.RFC3339))
	}
	for _, name := range r.Missing {
		fmt.Fprintf(w, "missing   %s did not cosign this checkpoint\n", name)
	}
}
