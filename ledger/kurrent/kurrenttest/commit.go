package kurrenttest

import (
	"github.com/google/uuid"
)

// What an append may expect beside a revision.
const (
	expectNoStream int64 = -1
	expectAny      int64 = -2
	expectExists   int64 = -4
)

// outcome is how the server decided on a write.
type outcome int

const (
	written outcome = iota
	repeated
	wrongRevision
	deleted
	failed // the disk took it not
)

// result is what became of a write: the last revision and position of its
// events, or the stream's present revision when it was refused.
type result struct {
	outcome  outcome
	revision int64
	position uint64 // 0: not known
	current  int64
}

// append checks an append and records it.
func (l *log) append(name string, expected int64, events []event) result {
	l.mu.Lock()
	defer l.mu.Unlock()
	ids := make([]uuid.UUID, len(events))
	for i, e := range events {
		ids[i] = e.id
	}
	r := l.check(name, expected, ids)
	if r.outcome != written {
		return r
	}
	soft := l.isSoftDeleted(name)
	if len(events) > 0 {
		last := l.put(name, r.current+1, events...)
		r.revision, r.position = last.revision, last.position
		if l.disk != nil && l.disk.err != nil {
			r.outcome = failed
		}
	} else {
		r.revision = r.current
	}
	if soft {
		l.truncate(name, r.current+1) // `StorageWriterService.SoftUndeleteStream`
	}
	return r
}

// check decides whether events with these ids may be recorded, as
// `IndexWriter.CheckCommit` does. Note what it does not do: it never looks at
// the bytes of a repeat, and an append at the present end of the stream is
// recorded even when its ids are recorded already.
func (l *log) check(name string, expected int64, ids []uuid.UUID) result {
	last := l.lastOf(name)
	refuse := func(o outcome) result { return result{outcome: o, current: last} }
	switch {
	case last == tombstone:
		return refuse(deleted)
	case expected == expectExists && l.isSoftDeleted(name):
		return refuse(deleted)
	case expected == expectExists && last < 0 && l.lastOf("$$"+name) < 0:
		return refuse(wrongRevision)
	case expected == expectAny || expected == expectExists:
		return l.checkAnywhere(name, last, ids)
	case expected > last:
		return refuse(wrongRevision)
	case expected == last:
		return refuse(written)
	}
	for i, id := range ids {
		if at := l.streams[name].at(expected + 1 + int64(i)); at != nil && at.id == id {
			continue
		}
		if i == 0 && expected == expectNoStream && l.isSoftDeleted(name) {
			return refuse(written)
		}
		return refuse(wrongRevision)
	}
	if len(ids) == 0 {
		return refuse(wrongRevision)
	}
	return l.repeat(name, last, expected+int64(len(ids)))
}

// checkAnywhere is check for appends that name no revision: they count as
// repeats when all their ids are remembered for this stream.
func (l *log) checkAnywhere(name string, last int64, ids []uuid.UUID) result {
	end := int64(-1)
	for i, id := range ids {
		was, ok := l.known[id]
		if !ok || was.stream != name {
			if i > 0 {
				return result{outcome: wrongRevision, current: last}
			}
			return result{outcome: written, current: last}
		}
		end = was.revision
	}
	if len(ids) == 0 {
		return result{outcome: written, current: last}
	}
	return l.repeat(name, last, end)
}

// repeat answers a repeated append that ends at a revision. Its position is
// only known while the event can be read.
func (l *log) repeat(name string, last, end int64) result {
	r := result{outcome: repeated, revision: end, current: last}
	s := l.streams[name]
	if at := s.at(end); at != nil && end >= s.meta.firstVisible(s, l.now()) {
		r.position = at.position
	}
	return r
}
