package graphql_test

import (
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections"
)

// desk records without looking at who may command on what: that is the
// house's, and tested there. It keeps the lines it was given.
type desk struct {
	*agency
	lines []string
}

func (d *desk) parse(line []byte) (domain.Instruction, error) {
	d.lines = append(d.lines, string(line))
	return d.codec.ParseInstruction(line)
}

func (d *desk) Record(ctx context.Context, _ projections.Principal, line []byte) (ledger.Receipt, error) {
	in, err := d.parse(line)
	if err != nil {
		return ledger.Receipt{}, err
	}
	return d.recorder.Record(ctx, in)
}

func (d *desk) Try(ctx context.Context, _ projections.Principal, line []byte) (ledger.Prepared, error) {
	in, err := d.parse(line)
	if err != nil {
		return ledger.Prepared{}, err
	}
	return d.recorder.Try(ctx, in)
}

func (d *desk) Prepare(ctx context.Context, _ projections.Principal, in domain.Instruction) (ledger.Prepared, error) {
	return d.recorder.Prepare(ctx, in)
}

func (d *desk) Submit(ctx context.Context, _ projections.Principal, p ledger.Prepared) (ledger.Receipt, error) {
	return d.recorder.Submit(ctx, p)
}

func (d *desk) Shown(ctx context.Context, _ ledger.Position) error {
	return d.views.CatchUp(ctx, d.store, nil)
}
