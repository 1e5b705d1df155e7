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
	disk    *disk         // nil: memory alone
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

// openLog returns the log of the options' file, or a new one, which begins
// with the events of its own that a new server records.
func openLog(o Options) (*log, error) {
	l := &log{
		streams: make(map[string]*stream), known: make(map[uuid.UUID]known),
		next: begin, changed: make(chan struct{}), now: o.Now,
	}
	if l.now == nil {
		l.now = time.Now
	}
	if o.File != "" {
		var err error
		if l.disk, err = openDisk(o.File, l); err != nil {
			return nil, err
		}
	}
	if len(l.records) > 0 {
		return l, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.put("$$$stats-127.0.0.1:2113", 0, system("$metadata", `{"$maxAge":2592000}`))
	l.put("$user-admin", 0, system("$UserCreated", `{"LoginName":"admin","Groups":["$admins"]}`))
	l.put("$users", 0, system("$User", `"admin"`))
	return l, nil
}

// system makes an event as the server itself records them.
func system(kind, data string) event {
	return event{id: uuid.New(), kind: kind, json: true, data: []byte(data)}
}

func (l *log) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.disk == nil {
		return nil
	}
	return l.disk.close()
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
	added := make([]*record, len(events))
	created := l.now().UnixNano() / 100
	for i, e := range events {
		added[i] = &record{
			position: l.next, stream: name, revision: revision + int64(i), id: e.id,
			kind: e.kind, json: e.json, created: created, data: e.data, meta: e.meta,
		}
		l.add(added[i])
	}
	if l.disk != nil {
		l.disk.write(added)
	}
	l.wakeLocked()
	return added[len(added)-1]
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

// before returns the records before a position. They are only ever appended
// to.
func (l *log) before(position uint64) []*record {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return cut(l.records, position)
}

// wait is before, with a channel that is closed when there may be more, or
// when wake is called after a change of the position.
func (l *log) wait(position *atomic.Uint64) ([]*record, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = true
	return cut(l.records, position.Load()), l.changed
}

// wake lets those who wait look again.
func (l *log) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wakeLocked()
}

func (l *log) wakeLocked() {
	if l.waiting {
		close(l.changed)
		l.changed, l.waiting = make(chan struct{}), false
	}
}

func cut(records []*record, position uint64) []*record {
	if position == end {
		return records
	}
	return records[:search(records, position)]
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
