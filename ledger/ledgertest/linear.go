package ledgertest

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
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
	wrong   bool
	unknown bool // the append may have been recorded, or may be later
	length  int
	sum     uint64
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
	answered := func(wrong bool) bool { return out.unknown || out.wrong == wrong && (wrong || out.length == end) }
	if at > len(stream) {
		return answered(true), s
	}
	after := make([]uint64, 0, len(in.entries))
	for sum := last(stream[:at]); len(after) < len(in.entries); {
		sum = chain(sum, in.entries[len(after)])
		after = append(after, sum)
	}
	if at < len(stream) { // a repeat, or too late
		return answered(end > len(stream) || stream[end-1] != last(after)), s
	}
	next := shelf{streams: s.streams, length: s.length + len(after), all: s.all}
	next.streams[in.stream] = slices.Concat(stream, after)
	for _, e := range in.entries {
		next.all = chain(next.all, chain(uint64(in.stream), e))
	}
	return answered(false), next
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
	clock atomic.Int64
	mu    sync.Mutex
	ops   []porcupine.Operation
	lies  map[place]ledger.Position // where each event was said to lie
	wrong []string
}

// place is an event's place in its stream.
type place struct {
	stream   string
	revision ledger.Revision
}

// add notes what was asked since a time and what came back.
func (r *recording) add(client int, since int64, in asked, out told) {
	r.mu.Lock()
	defer r.mu.Unlock()
	until := r.clock.Add(1)
	if out.unknown {
		until = math.MaxInt64 // it may be recorded at any time, or never
	}
	r.ops = append(r.ops, porcupine.Operation{ClientId: client, Input: in, Call: since, Output: out, Return: until})
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

// check fails the test unless the history can be put in one order.
func (r *recording) check(t *testing.T) {
	t.Helper()
	for _, w := range r.wrong {
		t.Error(w)
	}
	result, info := porcupine.CheckOperationsVerbose(shelves, r.ops, 20*time.Second)
	if result == porcupine.Ok {
		return
	}
	path := t.ArtifactDir() + "/history.html"
	if err := porcupine.VisualizePath(shelves, info, path); err != nil {
		t.Error(err)
	}
	t.Fatalf("no order of these %d calls explains what they gave (%s); see %s, kept with -artifacts", len(r.ops), result, path)
}
