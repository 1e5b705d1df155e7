package projections

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
	"github.com/probity-ledger/probity/projections/record"
)

const (
	// cachedFiles is how many folded record files are kept, cachedBytes how
	// large the events they were folded from may be together: what a file
	// holds of their texts is no more.
	cachedFiles = 256
	cachedBytes = 16 << 20

	// entryBytes is what an entry takes beside the data of its event.
	entryBytes = 256
)

// newestTouch finds the newest event that touches one of the references, a
// JSON list of their numbers, and the newest that touches the reference named:
// that of who read the file, which has no number before the first reading.
var newestTouch = "SELECT (SELECT max(x.newest) FROM (SELECT (SELECT max(t.position) FROM touches t WHERE t.ref = j.value) newest FROM " + query.Numbers + " j) x)," +
	" (SELECT max(t.position) FROM touches t WHERE t.ref = (SELECT id FROM refs WHERE name = ? AND type = ?))"

// newest are the positions of the newest event of a file, and of its newest
// reading.
type newest struct{ event, reading ledger.Position }

// fileKey is a record file as it was asked for. The moments are in UTC and
// without a monotonic clock, so that equal ones are equal keys.
type fileKey struct {
	officer            domain.OfficerID
	recorded, occurred time.Time
	day                domain.Date
}

func newFileKey(id domain.OfficerID, as AsOf, day domain.Date) fileKey {
	return fileKey{id, as.Recorded.Round(0).UTC(), as.Occurred.Round(0).UTC(), day}
}

// folded is a record file before anything is taken out for its reader. Many
// readers share it: it is never changed, and handed on by copy alone.
type folded struct {
	file    record.File
	entries []headEntry
	// streams are the numbers of the streams it was folded from, as JSON, but
	// for that of who read it. The file stands until an event later than the
	// newest touches one of them: only such an event lengthens a stream or
	// brings in another. Later readings are added to it, so that reading a
	// file does not make the next reading slow.
	streams string
	newest  newest
	bytes   int
}

// headEntry is what the head of a file needs to know of an event.
type headEntry struct {
	position ledger.Position
	id       domain.EventID
	stream   string
	kind     domain.Kind
}

func headEntryOf(e record.Entry) headEntry {
	return headEntry{e.Position, e.ID, e.Stream, e.Event.Kind()}
}

// copy makes a file that shares nothing with the one that is kept.
func (f *folded) copy() record.File {
	out := f.file
	if f.file.Barred != nil {
		barred := *f.file.Barred
		out.Barred = &barred
	}
	out.Posts = slices.Clone(out.Posts)
	out.Ranks = slices.Clone(out.Ranks)
	out.Suspensions = slices.Clone(out.Suspensions)
	out.Readings = slices.Clone(out.Readings)
	out.Certificates = slices.Clone(out.Certificates)
	out.Training = slices.Clone(out.Training)
	out.Courses = slices.Clone(out.Courses)
	out.Appraisals = slices.Clone(out.Appraisals)
	out.Interests = slices.Clone(out.Interests)
	out.Restrictions = slices.Clone(out.Restrictions)
	out.Inquiries = slices.Clone(out.Inquiries)
	out.Sanctions = slices.Clone(out.Sanctions)
	out.Rewards = slices.Clone(out.Rewards)
	out.Findings = slices.Clone(out.Findings)
	out.Complaints = slices.Clone(out.Complaints)
	return out
}

// fileCache keeps the record files asked for last. It belongs to one file of
// views, whose numbers its streams are.
type fileCache struct {
	mu    sync.Mutex // guards what follows
	files *simplelru.LRU[fileKey, *folded]
	bytes int
}

// forget drops everything: another file of views numbers its references
// anew. The caller keeps readers out.
func (c *fileCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files, c.bytes = nil, 0
}

func (c *fileCache) get(key fileKey) *folded {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.files == nil {
		return nil
	}
	f, _ := c.files.Get(key)
	return f
}

func (c *fileCache) add(key fileKey, f *folded) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.files == nil {
		files, err := simplelru.NewLRU(cachedFiles, func(_ fileKey, old *folded) { c.bytes -= old.bytes })
		if err != nil {
			return err
		}
		c.files = files
	}
	c.files.Remove(key)
	if f.bytes > cachedBytes {
		return nil
	}
	c.files.Add(key, f)
	for c.bytes += f.bytes; c.bytes > cachedBytes; {
		c.files.RemoveOldest()
	}
	return nil
}

// listNumbers writes numbers as JSON.
func listNumbers(refs map[int64]bool) string {
	var b strings.Builder
	b.WriteByte('[')
	for ref := range refs {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(ref, 10))
	}
	b.WriteByte(']')
	return b.String()
}
