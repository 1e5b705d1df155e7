package ledger

import (
	"container/list"
	"sync"

	"github.com/google/uuid"
)

// stateEntry is the folded state of one stream. Its mutex is held by the one
// command that works on the stream.
type stateEntry struct {
	mu sync.Mutex

	state any
	head  streamHead
	ids   map[uuid.UUID]Revision
	// stale: the store may hold more than was folded.
	stale bool

	// Guarded by the cache's mutex.
	stream string
	users  int
	size   int
	place  *list.Element
}

// reset starts the fold anew.
func (e *stateEntry) reset(state any) {
	e.state, e.head, e.ids, e.stale = state, noHead, map[uuid.UUID]Revision{}, true
}

// drop forgets the fold; the next command loads the whole stream.
func (e *stateEntry) drop() { e.state = nil }

// stateCache keeps the states of the streams used last, bounded by the
// number of events folded into them. Entries in use are never evicted.
type stateCache struct {
	capacity int

	mu      sync.Mutex // guards all below
	entries map[string]*stateEntry
	order   *list.List // of *stateEntry, used last in front
	size    int
}

func newStateCache(capacity int) *stateCache {
	return &stateCache{capacity: capacity, entries: map[string]*stateEntry{}, order: list.New()}
}

// acquire returns the stream's entry, locked.
func (c *stateCache) acquire(stream string) *stateEntry {
	c.mu.Lock()
	e := c.entries[stream]
	if e == nil {
		e = &stateEntry{stream: stream}
		e.place = c.order.PushFront(e)
		c.entries[stream] = e
	}
	e.users++
	c.mu.Unlock()
	e.mu.Lock()
	return e
}

// release unlocks the entry and evicts what was not used for longest.
func (c *stateCache) release(e *stateEntry) {
	size := 1 + len(e.ids)
	if e.state == nil {
		size = 1
	}
	e.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	e.users--
	c.size += size - e.size
	e.size = size
	c.order.MoveToFront(e.place)
	for el := c.order.Back(); el != nil && c.size > c.capacity; {
		old := el.Value.(*stateEntry)
		el = el.Prev()
		if old.users == 0 {
			c.order.Remove(old.place)
			delete(c.entries, old.stream)
			c.size -= old.size
		}
	}
}
