package projections

import (
	"bufio"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// touchRow is a touch on its way into its table.
type touchRow struct{ ref, position, fields, occurred int64 }

// compare orders touches as their table does.
func (t touchRow) compare(u touchRow) int {
	return cmp.Or(cmp.Compare(t.ref, u.ref), cmp.Compare(t.position, u.position))
}

const (
	// touchRun is how many touches are sorted in memory at once: 8 MB.
	touchRun = 256 << 10

	touchBytes = 32
)

// touchSorter brings the touches of a whole ledger into the order of their
// table, in bounded memory: sorted runs in a file, merged at the end. Filled
// in order, the table takes half the time and two thirds of the room.
type touchSorter struct {
	file *os.File
	runs []int64 // where each run ends
}

func newTouchSorter(path string) (*touchSorter, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sort the touches: %w", err)
	}
	return &touchSorter{file: f}, nil
}

// close removes the file.
func (s *touchSorter) close() error {
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}

// add sorts the rows and keeps them as one run.
func (s *touchSorter) add(rows []touchRow) error {
	if len(rows) == 0 {
		return nil
	}
	slices.SortFunc(rows, touchRow.compare)
	w := bufio.NewWriterSize(s.file, 256<<10)
	var b [touchBytes]byte
	for _, t := range rows {
		for i, n := range [...]int64{t.ref, t.position, t.fields, t.occurred} {
			binary.LittleEndian.PutUint64(b[8*i:], uint64(n))
		}
		if _, err := w.Write(b[:]); err != nil {
			return fmt.Errorf("sort the touches: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("sort the touches: %w", err)
	}
	s.runs = append(s.runs, s.end()+int64(len(rows))*touchBytes)
	return nil
}

func (s *touchSorter) end() int64 {
	if len(s.runs) == 0 {
		return 0
	}
	return s.runs[len(s.runs)-1]
}

// merge hands on all touches in order, so many at a time; the last batch may
// be smaller. The batch is used again.
func (s *touchSorter) merge(batch int, emit func([]touchRow) error) error {
	var runs runHeap
	start := int64(0)
	for _, end := range s.runs {
		r := &touchReader{in: bufio.NewReaderSize(io.NewSectionReader(s.file, start, end-start), 64<<10)}
		if err := r.next(); err != nil {
			return fmt.Errorf("sort the touches: %w", err)
		}
		runs = append(runs, r)
		start = end
	}
	heap.Init(&runs)
	rows := make([]touchRow, 0, batch)
	for len(runs) > 0 {
		rows = append(rows, runs[0].row)
		switch err := runs[0].next(); {
		case errors.Is(err, io.EOF):
			heap.Pop(&runs)
		case err != nil:
			return fmt.Errorf("sort the touches: %w", err)
		default:
			heap.Fix(&runs, 0)
		}
		if len(rows) == batch {
			if err := emit(rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	return emit(rows)
}

// touchReader reads one run; row is the next of it.
type touchReader struct {
	in  *bufio.Reader
	row touchRow
}

func (r *touchReader) next() error {
	var b [touchBytes]byte
	if _, err := io.ReadFull(r.in, b[:]); err != nil {
		return err
	}
	at := func(i int) int64 { return int64(binary.LittleEndian.Uint64(b[8*i:])) }
	r.row = touchRow{at(0), at(1), at(2), at(3)}
	return nil
}

// runHeap orders runs by their next row.
type runHeap []*touchReader

func (h runHeap) Len() int           { return len(h) }
func (h runHeap) Less(i, j int) bool { return h[i].row.compare(h[j].row) < 0 }
func (h runHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *runHeap) Push(x any)        { *h = append(*h, x.(*touchReader)) }
func (h *runHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
