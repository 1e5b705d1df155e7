package kurrenttest

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Admin is what an administrator, or a stranger with rights, does to the
// store past its clients.
type Admin struct{ log *log }

// Admin acts on the server's events. It works on a killed server too.
func (s *Server) Admin() Admin { return Admin{s.log} }

// Event is one event as the store holds it, hidden by metadata or not.
type Event struct {
	Position   uint64
	Stream     string
	Revision   int64
	ID         uuid.UUID
	Type       string
	Data, Meta []byte
}

// Events returns all events that no scavenge removed, those of the server
// itself too, in order of position.
func (a Admin) Events() []Event {
	var out []Event
	for _, r := range a.log.before(end) {
		if !r.scavenged.Load() {
			out = append(out, Event{r.position, r.stream, r.revision, r.id, r.kind, r.data, r.meta})
		}
	}
	return out
}

// Append records a foreign event at the end of a stream, whatever its
// revision, and returns its position. It fails when the stream is deleted for
// good.
func (a Admin) Append(stream, kind string, data []byte) (position uint64, err error) {
	r := a.log.append(stream, expectAny, []event{{id: uuid.New(), kind: kind, data: data}})
	if r.outcome != written {
		return 0, fmt.Errorf("%s takes no event any more", stream)
	}
	return r.position, nil
}

// SetMetadata replaces a stream's metadata, a JSON object such as
// {"$maxCount":1} or {"$acl":{"$r":["ops"]}}.
func (a Admin) SetMetadata(stream, object string) error {
	r := a.log.append("$$"+stream, expectAny, []event{system("$metadata", object)})
	if r.outcome != written {
		return fmt.Errorf("%s takes no metadata any more", stream)
	}
	return nil
}

// Truncate hides the events of a stream before a revision ($tb); reads of
// $all show them until a scavenge.
func (a Admin) Truncate(stream string, before int64) {
	a.log.mu.Lock()
	defer a.log.mu.Unlock()
	a.log.truncate(stream, before)
}

// Delete hides a whole stream, which may be written again.
func (a Admin) Delete(stream string) error {
	if r := a.log.delete(stream, expectAny, false); r.outcome != written {
		return fmt.Errorf("%s is deleted for good", stream)
	}
	return nil
}

// Tombstone deletes a stream for good.
func (a Admin) Tombstone(stream string) error {
	if r := a.log.delete(stream, expectAny, true); r.outcome != written {
		return fmt.Errorf("%s is deleted for good", stream)
	}
	return nil
}

// Scavenge removes for good what is hidden or deleted, and leaves the events
// that the server records about it.
func (a Admin) Scavenge() {
	l := a.log
	l.mu.Lock()
	defer l.mu.Unlock()
	l.put("$scavengePoints", l.lastOf("$scavengePoints")+1, system("$scavengePoint", `{"threshold":0}`))
	name := "$scavenges-" + uuid.NewString()
	l.put(name, 0, system("$scavengeStarted", `{}`))
	now := l.now()
	l.sweep(now)
	if l.disk != nil {
		l.disk.put(frame{Scavenged: now})
	}
	l.put(name, 1, system("$scavengeCompleted", `{"result":"Success"}`))
}

// sweep marks what a scavenge removes: what reads of the stream do not show,
// but for the last event of each stream that is not deleted for good. The
// caller holds mu.
func (l *log) sweep(now time.Time) {
	for name, s := range l.streams {
		last, gone := l.lastOf(name), s.meta.firstVisible(s, now)
		if last == tombstone {
			gone = tombstone
		}
		for _, r := range s.records {
			if r.revision < gone && r.revision != last {
				r.scavenged.Store(true)
			}
		}
	}
}
