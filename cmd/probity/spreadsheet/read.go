package spreadsheet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxGrouped bounds the memory of an input whose groups are not sorted, in
// bytes.
const maxGrouped = 256 << 20

// lookedUpOnly is why rows of an input without instructions are skipped.
const lookedUpOnly = "looked up only"

// readAll reads the files one after another.
func (r *run) readAll(ctx context.Context) error {
	for _, f := range r.plan.files {
		if err := r.readFile(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) readFile(ctx context.Context, f *plannedFile) error {
	in, err := f.open()
	if err != nil {
		return &StopError{File: f.path, Err: err}
	}
	defer in.Close()
	r.seen.reset()
	take := func(row sourceRow) error { return r.submit(ctx, f, []sourceRow{row}) }
	finish := func() error { return nil }
	if f.in.group != nil {
		g := &grouper{run: r, file: f, open: map[string]*groupedRows{}, done: map[digest]bool{}}
		take = func(row sourceRow) error { return g.take(ctx, row) }
		finish = func() error { return g.finish(ctx) }
	}
	for {
		rec, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return &StopError{f.path, rec.line, rec.number, fmt.Errorf("read: %w", err)}
		}
		if r.rows++; r.rows%256 == 0 {
			r.progress(in)
		}
		if err := r.takeRecord(ctx, f, rec, take); err != nil {
			return err
		}
	}
	if err := finish(); err != nil {
		return err
	}
	r.progress(in)
	r.before += f.size
	return nil
}

// takeRecord rejects what is malformed and hands on the rest.
func (r *run) takeRecord(ctx context.Context, f *plannedFile, rec record, take func(sourceRow) error) error {
	f.withhold(&rec)
	row := sourceRow{line: rec.line, number: rec.number, fields: rec.fields}
	switch {
	case rec.problem != "":
		row.fields = []string{rec.raw}
		return r.reject(ctx, f, []sourceRow{row}, outcome{reject: &Reject{Reason: "the row " + rec.problem}})
	case len(f.in.rows) == 0:
		return r.reject(ctx, f, []sourceRow{row}, outcome{skip: lookedUpOnly})
	}
	row.digest = digestRecord(rec.fields)
	return take(row)
}

func (r *run) progress(in reader) {
	if r.opt.Progress != nil {
		r.opt.Progress(Progress{Rows: r.rows, Bytes: min(r.before+in.done(), r.total), Total: r.total})
	}
}

// counts numbers identical rows within one file. Rows are told apart by the
// first half of their digest: 128 bits are enough to count by.
type counts struct{ n map[[16]byte]int }

func (c *counts) reset() { c.n = map[[16]byte]int{} }

// next returns how many rows with this digest came before. A group has no
// second: its key is unique in the file.
func (c *counts) next(f *plannedFile, rows []sourceRow) int {
	if f.in.group != nil {
		return 0
	}
	key := [16]byte(rows[0].digest[:16])
	c.n[key]++
	return c.n[key] - 1
}

// grouper collects the rows of each group. Sorted input keeps one group in
// memory, other input all of them.
type grouper struct {
	run   *run
	file  *plannedFile
	open  map[string]*groupedRows
	order []*groupedRows
	done  map[digest]bool // keys that came and went, by their digest
	size  int
}

type groupedRows struct {
	key  string
	rows []sourceRow
}

func (g *grouper) take(ctx context.Context, row sourceRow) error {
	key, rej := g.key(row)
	if rej != nil {
		return g.run.reject(ctx, g.file, []sourceRow{row}, outcome{reject: rej})
	}
	group := g.open[key]
	if group == nil && g.file.in.group.sorted {
		if err := g.finish(ctx); err != nil {
			return err
		}
		if g.done[digestRecord([]string{key})] {
			rej := &Reject{Column: g.by(), Value: g.values(row), Reason: "its group was complete already; the input is not sorted as the map says"}
			return g.run.reject(ctx, g.file, []sourceRow{row}, outcome{reject: rej})
		}
	}
	if group == nil {
		group = &groupedRows{key: key}
		g.open[key] = group
		g.order = append(g.order, group)
	}
	group.rows = append(group.rows, row)
	if g.size += sizeOf(row); g.size > maxGrouped {
		return &StopError{g.file.path, row.line, row.number, fmt.Errorf("the groups take more than %d MiB; sort the file by %s and say so in the map (sorted: true)", maxGrouped>>20, g.by())}
	}
	return nil
}

// finish hands on the groups collected, in the order of their first rows.
func (g *grouper) finish(ctx context.Context) error {
	for _, group := range g.order {
		if g.file.in.group.sorted {
			g.done[digestRecord([]string{group.key})] = true
		}
		if err := g.run.submit(ctx, g.file, group.rows); err != nil {
			return err
		}
	}
	clear(g.open)
	g.order, g.size = nil, 0
	return nil
}

func (g *grouper) by() string {
	var names []string
	for _, c := range g.file.in.group.by {
		names = append(names, c.text)
	}
	return strings.Join(names, ", ")
}

// values is the row's key for a message.
func (g *grouper) values(row sourceRow) string {
	e := g.run.mapper.environment(g.file, []sourceRow{row})
	var out []string
	for _, ref := range g.file.in.group.refs {
		if s, ok, err := e.get(ref); ok && err == nil {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}

// key is what the rows of a group share.
func (g *grouper) key(row sourceRow) (string, *Reject) {
	m := g.run.mapper
	e := m.environment(g.file, []sourceRow{row})
	var b []byte
	for _, ref := range g.file.in.group.refs {
		s, ok, err := e.get(ref)
		if ce, isCell := errors.AsType[*cellError](err); isCell {
			return "", &Reject{Column: ce.column, Value: ce.value, Reason: ce.reason}
		}
		if err != nil || !ok {
			return "", &Reject{Column: g.by(), Reason: "is absent, but says to which group the row belongs"}
		}
		if len(g.file.in.group.refs) == 1 {
			return s, nil
		}
		b = appendNetstring(b, s)
	}
	return string(b), nil
}
