package kurrenttest

import (
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// record is one event in the log. Nothing of it changes once it is in the
// log, but that a scavenge may remove it.
type record struct {
	position uint64 // of its first byte; commit and prepare position alike
	stream   string
	revision int64
	id       uuid.UUID
	kind     string // the event type
	json     bool
	created  int64 // 100 ns since 1970
	data     []byte
	meta     []byte

	scavenged atomic.Bool
}

// overhead is about what the real log spends on a record beside its names
// and bytes; positions are offsets in bytes there, so they have gaps.
const overhead = 90

// end is the position behind the record.
func (r *record) end() uint64 {
	return r.position + overhead + uint64(len(r.stream)+len(r.kind)+len(r.data)+len(r.meta))
}

// tombstone is the revision of the last event of a stream that was deleted
// for good (`EventNumber.DeletedStream`).
const tombstone = int64(^uint64(0) >> 1)

// stream is what the index holds of one stream.
type stream struct {
	records []*record  // revision i at i-first
	first   int64      // revision of records[0]
	last    int64      // -1 when there is none, tombstone when deleted for good
	meta    streamMeta // what its $$ stream says
}

// at returns the record of a revision, whatever the metadata hides; nil when
// there is none or it was scavenged.
func (s *stream) at(revision int64) *record {
	i := revision - s.first
	if i < 0 || i >= int64(len(s.records)) || s.records[i].scavenged.Load() {
		return nil
	}
	return s.records[i]
}

// log is the transaction log of one store with its index.
type log struct {
	mu      sync.RWMutex
	records []*record          // in order of position; only ever appended to
	streams map[string]*stream // by name
	known   map[uuid.UUID]known
	next    uint64        // where the next record begins
	changed chan struct{} // closed and replaced by every append
	waiting bool          // somebody holds changed
	now     func() time.Time
}

// known is where an event of some id was recorded last. The real server keeps
// this in a cache of limited size (`BoundedCache` of `IndexWriter`).
type known struct {
	stream   string
	revision int64
}

// begin is where the first event lies; the real log begins with records that
// are no events.
const begin = 512

func newLog() *log {
	return &log{
		streams: make(map[string]*stream), known: make(map[uuid.UUID]known),
		next: begin, changed: make(chan struct{}), now: time.Now,
	}
}

// event is an event on its way into the log.
type event struct {
	id         uuid.UUID
	kind       string
	json       bool
	data, meta []byte
}

// size is what the server counts against its limits (`Event.SizeOnDisk`).
func (e event) size() int { return len(e.data) + len(e.meta) + 2*len(e.kind) }

// put records events at the end of a stream, side by side. The caller holds
// mu and has checked that they may be. It returns the last of them.
func (l *log) put(name string, revision int64, events ...event) *record {
	var last *record
	created := l.now().UnixNano() / 100
	for i, e := range events {
		last = &record{
			position: l.next, stream: name, revision: revision + int64(i), id: e.id,
			kind: e.kind, json: e.json, created: created, data: e.data, meta: e.meta,
		}
		l.add(last)
	}
	if l.waiting {
		close(l.changed)
		l.changed, l.waiting = make(chan struct{}), false
	}
	return last
}

// add puts a record into log and index. The caller holds mu.
func (l *log) add(r *record) {
	l.records = append(l.records, r)
	l.next = r.end()
	l.known[r.id] = known{r.stream, r.revision}
	s := l.stream(r.stream)
	if r.revision != tombstone {
		if len(s.records) == 0 {
			s.first = r.revision
		}
		s.records = append(s.records, r)
	}
	s.last = r.revision
	if of, ok := metaOf(r.stream); ok {
		l.stream(of).meta = parseMetadata(r.data)
	}
}

// stream returns the stream's entry in the index, made when there is none.
// The caller holds mu.
func (l *log) stream(name string) *stream {
	s := l.streams[name]
	if s == nil {
		s = &stream{last: -1}
		if _, ok := metaOf(name); ok {
			s.meta = streamMeta{maxCount: 1}
		}
		l.streams[name] = s
	}
	return s
}

// lastOf is the revision of the stream's last event: -1 for none, tombstone
// when it was deleted for good, and its $$ stream with it
// (`IndexReader.GetStreamLastEventNumber`). The caller holds mu.
func (l *log) lastOf(name string) int64 {
	if of, ok := metaOf(name); ok {
		if s := l.streams[of]; s != nil && s.last == tombstone {
			return tombstone
		}
	}
	if s := l.streams[name]; s != nil {
		return s.last
	}
	return -1
}

// snapshot returns every record so far. They are only ever appended to.
func (l *log) snapshot() []*record {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.records
}

// wait returns every record so far, and a channel that is closed when there
// are more.
func (l *log) wait() ([]*record, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = true
	return l.records, l.changed
}

// search returns the index of the first record at or behind a position.
func search(records []*record, position uint64) int {
	return sort.Search(len(records), func(i int) bool { return records[i].position >= position })
}

// forget drops what a restart does not keep: which ids were recorded. An
// append that names no revision is then recorded again.
func (l *log) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.known)
}
