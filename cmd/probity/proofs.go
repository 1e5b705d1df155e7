package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/probity-ledger/probity/cmd/house"
	"github.com/probity-ledger/probity/ledger"
)

// proofWriter writes a receipt for each event recorded. Its notary signs
// while it is at work.
type proofWriter struct {
	h     *house.House
	dir   string
	end   context.CancelFunc
	ended chan error
}

func startProofs(ctx context.Context, h *house.House, dir string) (*proofWriter, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of receipts: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &proofWriter{h, dir, cancel, make(chan error, 1)}
	go func() { p.ended <- h.Notary.Run(ctx) }()
	return p, nil
}

// stop ends the notary and returns why it had failed, if it had.
func (p *proofWriter) stop() error {
	p.end()
	if err := <-p.ended; !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// after adds the receipts to what a step recorded.
func (p *proofWriter) after(do step) step {
	return func(ctx context.Context, line []byte) (submitted, []byte, error) {
		out, text, err := do(ctx, line)
		if err == nil && out.Recorded {
			out.Proofs, err = p.write(ctx, ledger.Receipt{Stream: out.Stream, Revision: ledger.Revision(out.Revision), Events: out.Events})
		}
		return out, text, err
	}
}

// write waits for the proof of the events of an instruction, and writes their
// receipts.
func (p *proofWriter) write(ctx context.Context, r ledger.Receipt) ([]string, error) {
	var files []string
	first := r.Revision - ledger.Revision(len(r.Events)) + 1
	for s, err := range p.h.Store.ReadStream(ctx, r.Stream, first) {
		if err != nil {
			return nil, fmt.Errorf("read what was recorded: %w", err)
		}
		if _, err := p.h.Notary.WaitFor(ctx, s.Position); err != nil {
			return nil, fmt.Errorf("wait for the proof: %w", err)
		}
		receipt, err := p.h.Notary.Receipt(s)
		if err != nil {
			return nil, err
		}
		name := filepath.Join(p.dir, s.ID.String()+".tlog-proof")
		if err := os.WriteFile(name, receipt.Marshal(), 0o644); err != nil {
			return nil, fmt.Errorf("write a receipt: %w", err)
		}
		if files = append(files, name); s.Revision == r.Revision {
			break
		}
	}
	return files, nil
}
