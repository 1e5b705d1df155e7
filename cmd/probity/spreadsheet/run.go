package spreadsheet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

// Recorder carries out instructions; *ledger.Recorder is one. It is called
// by several goroutines at once, but never for the same stream.
type Recorder interface {
	Record(ctx context.Context, in domain.Instruction) (ledger.Receipt, error)
}

// Options of a run.
type Options struct {
	// Workers is how many instructions are recorded at a time; 64 when 0.
	Workers int
	// Rejects receives the rejected rows as CSV, each as soon as it is its
	// turn. It is not closed. Nobody is told of them when nil, but they are
	// counted.
	Rejects io.Writer
	// Progress is told how far reading has come, from time to time and at the
	// end, by one goroutine.
	Progress func(Progress)
	// Now is the clock; time.Now when nil.
	Now func() time.Time
}

// Progress is how far reading has come.
type Progress struct {
	// Rows were read.
	Rows int64
	// Bytes were read of Total, as they lie on disk. Of a workbook, whose rows
	// are counted beforehand, it is the share of its rows.
	Bytes, Total int64
}

// StopError ends a run: what was recorded stays, and running the import
// again goes on where it ended.
type StopError struct {
	File         string
	Line, Record int // of the first row not recorded; 0 when unknown
	Err          error
}

func (e *StopError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", e.File, e.Err)
	}
	return fmt.Sprintf("%s line %d (row %d): %v", e.File, e.Line, e.Record, e.Err)
}

func (e *StopError) Unwrap() error { return e.Err }

// inFlight is how many rows per worker may be read ahead.
const inFlight = 16

// Run reads the files of the plan and records what its map makes of each
// row. Rows that cannot be read or mapped, or that the ledger refuses, are
// rejected and the run goes on. Anything else ends it with a *StopError, or
// with the context's error.
//
// The summary is right also when an error is returned.
func Run(ctx context.Context, p *Plan, rec Recorder, o Options) (Summary, error) {
	if o.Workers <= 0 {
		o.Workers = 64
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	r := &run{plan: p, rec: rec, opt: o, rejects: newRejectsWriter(o.Rejects, p.files), seen: &counts{}}
	r.summary = newSummary(p)
	tables, err := p.loadTables()
	if err != nil {
		return r.summary, err
	}
	r.mapper = mapper{plan: p, tables: tables, now: o.Now}
	for _, f := range p.files {
		r.total += f.size
	}
	ctx, r.stop = context.WithCancelCause(ctx)
	defer r.stop(nil)
	r.slots = make(chan struct{}, o.Workers*inFlight)
	r.sched = newScheduler(cap(r.slots), r.retire)

	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() {
			for j := range r.sched.ready {
				r.work(ctx, j)
				r.sched.finish(j)
			}
		})
	}
	err = r.readAll(ctx)
	for range cap(r.slots) { // all jobs are retired when all slots are free
		r.slots <- struct{}{}
	}
	close(r.sched.ready)
	workers.Wait()
	if r.failed != nil {
		return r.summary, r.failed
	}
	if err == nil {
		err = context.Cause(ctx)
	}
	return r.summary, err
}

type run struct {
	plan   *Plan
	rec    Recorder
	opt    Options
	mapper mapper
	sched  *scheduler
	stop   context.CancelCauseFunc
	slots  chan struct{} // one for each job not retired

	// Used by the reading goroutine alone.
	total, before int64
	rows          int64
	seen          *counts

	// Used by retire alone, which is called by one goroutine at a time.
	rejects *rejectsWriter
	summary Summary
	failed  error
}

// admit waits for a free slot.
func (r *run) admit(ctx context.Context) error {
	select {
	case r.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// reject takes in rows that are not recorded.
func (r *run) reject(ctx context.Context, f *plannedFile, rows []sourceRow, o outcome) error {
	if err := r.admit(ctx); err != nil {
		return err
	}
	r.sched.settled(&job{file: f, rows: rows, outcome: o})
	return nil
}

// submit maps rows and takes them in.
func (r *run) submit(ctx context.Context, f *plannedFile, rows []sourceRow) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	ins, skip, err := r.mapper.prepare(f, rows, r.seen.next(f, rows))
	if ce, ok := errors.AsType[*cellError](err); ok {
		return r.reject(ctx, f, rows, outcome{reject: &Reject{Column: ce.column, Value: ce.value, Reason: ce.reason}})
	}
	if err != nil {
		return &StopError{f.path, rows[0].line, rows[0].number, err}
	}
	if skip != "" {
		return r.reject(ctx, f, rows, outcome{skip: skip})
	}
	if err := r.admit(ctx); err != nil {
		return err
	}
	r.sched.add(&job{file: f, rows: rows, ins: ins})
	return nil
}

// work carries out a job's instructions in order, up to the first that is
// refused.
func (r *run) work(ctx context.Context, j *job) {
	for i := range j.ins {
		if ctx.Err() != nil {
			j.outcome.aborted = true
			return
		}
		p := &j.ins[i]
		repeated, known, err := r.record(ctx, p)
		switch {
		case err == nil && !known:
			j.outcome.receipts = append(j.outcome.receipts, counted{p.rule.command.text, repeated})
		case err == nil:
		case domain.RefusalCode(err) != "":
			j.outcome.reject = r.refused(j, i, err)
			return
		case ctx.Err() != nil:
			j.outcome.aborted = true
			return
		default:
			j.outcome.err = &StopError{j.file.path, j.rows[0].line, j.rows[0].number, err}
			r.stop(j.outcome.err)
			return
		}
	}
}

// record records one instruction. known says that another row did.
func (r *run) record(ctx context.Context, p *prepared) (repeated, known bool, err error) {
	if p.once != nil {
		p.once.mu.Lock()
		defer p.once.mu.Unlock()
		if p.once.done {
			return true, true, nil
		}
	}
	receipt, err := r.rec.Record(ctx, p.instruction)
	repeated = receipt.Repeated
	if p.rule.existing == "accept" && domain.RefusalCode(err) == domain.CodeExists {
		repeated, err = true, nil
	}
	if p.once != nil && err == nil {
		p.once.done = true
	}
	return repeated, false, err
}

// refused makes the rejection of a row that the ledger refused.
func (r *run) refused(j *job, i int, err error) *Reject {
	m := mapper{plan: r.plan, tables: r.mapper.tables}
	e := m.environment(j.file, j.rows)
	rej := &Reject{Reason: err.Error()}
	if ce, ok := errors.AsType[*cellError](m.blame(e, j.ins[i].rule, err)); ok {
		rej.Column, rej.Value, rej.Reason = ce.column, ce.value, ce.reason
	}
	own := 0
	for _, p := range j.ins[:i] {
		if !p.rule.once {
			own++
		}
	}
	if own > 0 {
		rej.Reason += fmt.Sprintf(" (recorded of this row before: %s)", plural(own, "instruction"))
	}
	return rej
}

// retire accounts for a job. The scheduler calls it in the order of rows.
func (r *run) retire(j *job) {
	defer func() { <-r.slots }()
	fs := &r.summary.Files[j.file.index]
	n := len(j.rows)
	o := j.outcome
	for _, c := range o.receipts {
		r.summary.count(c)
	}
	switch {
	case o.aborted:
	case o.err != nil:
		if r.failed == nil {
			r.failed = o.err
		}
	case o.skip != "":
		fs.Rows += n
		fs.Skipped += n
		r.summary.why(Why{File: j.file.path, Skipped: true, Reason: o.skip}, j.rows)
	case o.reject != nil:
		fs.Rows += n
		fs.Rejected += n
		r.summary.why(Why{File: j.file.path, Column: o.reject.Column, Reason: o.reject.Reason}, j.rows)
		for _, row := range j.rows {
			r.writeReject(j.file, row, *o.reject)
		}
	default:
		fs.Rows += n
		if o.fresh() {
			fs.Recorded += n
		} else {
			fs.Repeated += n
		}
	}
}

// fresh tells whether anything new was recorded.
func (o outcome) fresh() bool {
	for _, c := range o.receipts {
		if !c.repeated {
			return true
		}
	}
	return false
}

func (r *run) writeReject(f *plannedFile, row sourceRow, rej Reject) {
	rej.File, rej.Line, rej.Record, rej.Fields = f.path, row.line, row.number, row.fields
	if err := r.rejects.write(rej); err != nil && r.failed == nil {
		r.failed = fmt.Errorf("write the rejects: %w", err)
		r.stop(r.failed)
	}
}
