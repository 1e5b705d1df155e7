package ledgertest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/probity-ledger/probity/ledger"
)

// historyStreams is how many streams a history works on.
const historyStreams = 3

func historyStream(i int) string { return fmt.Sprintf("history-%d", i) }

// digest stands for an entry in a history: a hash over id and bytes.
func digest(e ledger.Entry) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(e.ID[:])
	_, _ = h.Write(e.Envelope)
	return h.Sum64()
}

// chain is a hash over everything before, and one thing more.
func chain(before, more uint64) uint64 {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], before)
	binary.BigEndian.PutUint64(b[8:], more)
	h := fnv.New64a()
	_, _ = h.Write(b[:])
	return h.Sum64()
}

// asked is what a caller asked for: an append, a read of a stream from its
// start, or a read of everything (stream < 0).
type asked struct {
	stream   int
	expected ledger.Revision
	entries  []uint64 // digests; nil: a read
}

// told is what came back: where the append ended or how many events were
// read, and the chain over them.
type told struct {
	wrong  bool
	untold bool // nothing came back, but the append was recorded
	length int
	sum    uint64
}

// shelf is the ledger as the model sees it: each stream as the chain over its
// events up to each revision, and the chain over all of them in their order.
// It is never changed, only copied.
type shelf struct {
	streams [historyStreams][]uint64
	length  int
	all     uint64
}

// last is the chain over a whole stream.
func last(stream []uint64) uint64 {
	if len(stream) == 0 {
		return 0
	}
	return stream[len(stream)-1]
}

// step tells whether the ledger could have answered so, and what it is then.
func (s shelf) step(in asked, out told) (bool, shelf) {
	switch {
	case in.entries == nil && in.stream < 0:
		return out.length == s.length && out.sum == s.all, s
	case in.entries == nil:
		stream := s.streams[in.stream]
		return out.length == len(stream) && out.sum == last(stream), s
	}
	stream := s.streams[in.stream]
	at, end := int(in.expected)+1, int(in.expected)+1+len(in.entries)
	if at > len(stream) {
		return out.wrong, s
	}
	after := make([]uint64, 0, len(in.entries))
	for sum := last(stream[:at]); len(after) < len(in.entries); {
		sum = chain(sum, in.entries[len(after)])
		after = append(after, sum)
	}
	if at < len(stream) { // a repeat, or too late
		repeated := end <= len(stream) && stream[end-1] == last(after)
		return !out.untold && out.wrong != repeated && (out.wrong || out.length == end), s
	}
	next := shelf{streams: s.streams, length: s.length + len(after), all: s.all}
	next.streams[in.stream] = slices.Concat(stream, after)
	for _, e := range in.entries {
		next.all = chain(next.all, chain(uint64(in.stream), e))
	}
	return !out.wrong && (out.untold || out.length == end), next
}

// shelves is the model in the form of the checker.
var shelves = porcupine.Model{
	Init: func() any { return shelf{} },
	Step: func(state, in, out any) (bool, any) { return state.(shelf).step(in.(asked), out.(told)) },
	Equal: func(a, b any) bool {
		return a.(shelf).all == b.(shelf).all && a.(shelf).length == b.(shelf).length
	},
	Hash: func(state any) uint64 { return state.(shelf).all },
	DescribeOperation: func(in, out any) string {
		return fmt.Sprintf("%+v -> %+v", in, out)
	},
}

// recording is a history while it happens.
type recording struct {
	clock   atomic.Int64
	mu      sync.Mutex
	ops     []porcupine.Operation
	pending []porcupine.Operation // appends that came to no known end
	lies    map[place]ledger.Position
	wrong   []string
}

// place is an event's place in its stream.
type place struct {
	stream   string
	revision ledger.Revision
}

// add notes what was asked since a time and what came back. An append that
// was repeated counts as one call from the first time on: at which of them it
// was recorded makes no difference.
func (r *recording) add(client int, since int64, in asked, out told) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ops = append(r.ops, porcupine.Operation{ClientId: client, Input: in, Call: since, Output: out, Return: r.clock.Add(1)})
}

// leave notes an append that may have been recorded since a time.
func (r *recording) leave(client int, since int64, in asked) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending = append(r.pending, porcupine.Operation{ClientId: client, Input: in, Call: since, Output: told{untold: true}, Return: math.MaxInt64})
}

// settle decides about the appends that were left by what is recorded in the
// end: nothing ever goes away, so what is not there never was. (What may come
// later is of no interest.)
func (r *recording) settle(recorded map[uint64]bool) {
	for _, op := range r.pending {
		if recorded[op.Input.(asked).entries[0]] {
			r.ops = append(r.ops, op)
		}
	}
}

// place notes where an event was said to lie, which must be the same always.
func (r *recording) place(stream string, at ledger.Revision, position ledger.Position) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if was, ok := r.lies[place{stream, at}]; ok && was != position {
		r.wrong = append(r.wrong, fmt.Sprintf("%s revision %d was said to lie at %s and at %s", stream, at, was, position))
	}
	r.lies[place{stream, at}] = position
}

// check returns an error unless the history can be put in one order. It
// leaves a picture of one that cannot in the folder.
func (r *recording) check(dir string) error {
	if len(r.wrong) > 0 {
		return errors.New(strings.Join(r.wrong, "; "))
	}
	result, info := porcupine.CheckOperationsVerbose(shelves, r.ops, 20*time.Second)
	if result == porcupine.Ok {
		return nil
	}
	path := filepath.Join(dir, "history.html")
	return errors.Join(porcupine.VisualizePath(shelves, info, path),
		fmt.Errorf("no order of these %d calls explains what they gave (%s); see %s, which go test -artifacts keeps", len(r.ops), result, path))
}
