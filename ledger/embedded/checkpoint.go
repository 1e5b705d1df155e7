package embedded

import (
	"sync/atomic"

	"github.com/ncruces/go-sqlite3"
)

// foldAt is the length of the write-ahead log, in pages, from which it is
// folded into the file: 16 MB, which a disk takes in a fraction of a second
// and a start after a crash reads back in as little.
const foldAt = 4096

// checkpointer keeps the write-ahead log short without making appends wait.
// A connection of its own copies the log into the file while the writer goes
// on; the few pages that come in meanwhile are copied by the writer itself,
// between two groups, because the log starts over only once all of it has
// been copied.
type checkpointer struct {
	writer *sqlite3.Conn // used by the writer's goroutine alone
	pages  int           // length of the log after the last commit; likewise

	own    *sqlite3.Conn // used by run alone
	start  chan struct{}
	ended  chan struct{}
	folded atomic.Bool // run is done, the writer shall copy the rest
	busy   atomic.Bool // run is at work
}

func newCheckpointer(file opener, writer *sqlite3.Conn) (*checkpointer, error) {
	own, err := file.writable(readerCache)
	if err != nil {
		return nil, err
	}
	c := &checkpointer{writer: writer, own: own, start: make(chan struct{}, 1), ended: make(chan struct{})}
	writer.WALHook(func(_ *sqlite3.Conn, _ string, pages int) error {
		c.pages = pages
		return nil
	})
	go c.run()
	return c, nil
}

func (c *checkpointer) run() {
	defer close(c.ended)
	for range c.start {
		// A failure here loses nothing: the log is whole, stays longer and
		// is tried again after the next commit.
		if _, _, err := c.own.WALCheckpoint("main", sqlite3.CHECKPOINT_PASSIVE); err == nil {
			c.folded.Store(true)
		}
		c.busy.Store(false)
	}
}

// tidy is called by the writer after each commit.
func (c *checkpointer) tidy() {
	if c.folded.CompareAndSwap(true, false) {
		_, _, _ = c.writer.WALCheckpoint("main", sqlite3.CHECKPOINT_PASSIVE) // as in run
		return
	}
	if c.pages >= foldAt && c.busy.CompareAndSwap(false, true) {
		c.start <- struct{}{}
	}
}

func (c *checkpointer) close() error {
	close(c.start)
	<-c.ended
	return closeConn(c.own)
}
