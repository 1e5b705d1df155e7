package ledger

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Heads is where the streams of a ledger end, as a verification found them:
// with them a later one can go on from there. It keeps 64 bytes a stream,
// whatever the length of its name, in a table that is between three eighths
// and three quarters full: in memory up to 64 MiB, some 780,000 streams, and
// beyond in a temporary file, which Close removes. It is for one goroutine at
// a time.
type Heads struct {
	table *headTable
}

// headKey stands for a stream's name: the first half of its SHA-256.
type headKey [sha256.Size / 2]byte

func headKeyOf(stream string) headKey {
	sum := sha256.Sum256([]byte(stream))
	return headKey(sum[:len(headKey{})])
}

// NewHeads returns the heads of a ledger without events.
func NewHeads() *Heads { return newHeads(memorySlots) }

func newHeads(inMemory int64) *Heads {
	t, err := newHeadTable(min(smallTable, inMemory), inMemory)
	if err != nil {
		panic(err) // it is in memory
	}
	return &Heads{t}
}

// Streams returns how many streams there are.
func (h *Heads) Streams() int { return int(h.table.used) }

// Close gives back what is kept outside of memory. The heads are of no use
// afterwards.
func (h *Heads) Close() error { return h.table.close() }

// find returns where a stream ends, false when it is not there, and its place
// in the table for put.
func (h *Heads) find(key headKey) (head streamHead, place int64, ok bool, err error) {
	place, r, err := h.table.find(key)
	if err != nil || r == nil {
		return streamHead{}, place, false, err
	}
	return headIn(r), place, true, nil
}

// put sets where the stream ends whose place find has just returned.
func (h *Heads) put(key headKey, head streamHead, place int64, fresh bool) error {
	var r [headRecord]byte
	copy(r[:], key[:])
	copy(r[headHash:], head.hash[:])
	binary.BigEndian.PutUint64(r[headRecorded:], uint64(head.recorded))
	binary.BigEndian.PutUint32(r[headRevision:], uint32(head.revision))
	r[headPresent] = 1
	return h.table.set(place, &r, fresh)
}

func headIn(r []byte) streamHead {
	return streamHead{Revision(binary.BigEndian.Uint32(r[headRevision:])), Hash(r[headHash:headRecorded]), int64(binary.BigEndian.Uint64(r[headRecorded:]))}
}

// The text form: a line with the number of streams, and one for each.
const (
	headsLine = "heads "

	// headLine is the longest line of a stream.
	headLine = 2*len(headKey{}) + 1 + 10 + 1 + 2*sha256.Size + 1 + 20 + 1
)

// WriteTo writes the heads as lines of text, ordered by key, so that the same
// heads always give the same bytes.
func (h *Heads) WriteTo(w io.Writer) (int64, error) {
	out := &countingWriter{w: bufio.NewWriterSize(w, 64<<10)}
	fmt.Fprintf(out, "%s%d\n", headsLine, h.Streams()) // an error is kept and told by Flush
	line := make([]byte, 0, headLine)
	err := h.table.each(func(r []byte) error {
		s := headIn(r)
		line = hex.AppendEncode(line[:0], r[:headHash])
		line = append(strconv.AppendInt(append(line, ' '), int64(s.revision), 10), ' ')
		line = append(hex.AppendEncode(line, s.hash[:]), ' ')
		line = append(strconv.AppendInt(line, s.recorded, 10), '\n')
		out.Write(line)
		return nil
	})
	return out.n, errors.Join(err, out.w.Flush())
}

type countingWriter struct {
	w *bufio.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// ReadHeads reads what WriteTo wrote, and nothing behind it.
func ReadHeads(r *bufio.Reader) (*Heads, error) {
	first, err := readLine(r)
	if err != nil {
		return nil, err
	}
	count, ok := strings.CutPrefix(first, headsLine)
	n, err := strconv.Atoi(count)
	if !ok || err != nil || n < 0 {
		return nil, errors.New("heads: malformed first line")
	}
	h := NewHeads()
	for range n {
		if err := h.take(r); err != nil {
			return nil, errors.Join(err, h.Close())
		}
	}
	return h, nil
}

// take reads the line of one stream.
func (h *Heads) take(r *bufio.Reader) error {
	line, err := readLine(r)
	if err != nil {
		return err
	}
	key, head, err := parseHead(line)
	if err != nil {
		return err
	}
	_, place, twice, err := h.find(key)
	if twice {
		err = errors.New("heads: a stream stands there twice")
	}
	if err != nil {
		return err
	}
	return h.put(key, head, place, true)
}

func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	if err != nil || len(line) > headLine {
		return "", errors.New("heads: cut short or malformed")
	}
	return string(line[:len(line)-1]), nil
}

func parseHead(line string) (key headKey, head streamHead, err error) {
	name, rest, _ := strings.Cut(line, " ")
	revision, rest, _ := strings.Cut(rest, " ")
	hash, recorded, _ := strings.Cut(rest, " ")
	k, err1 := hex.DecodeString(name)
	rev, err2 := strconv.ParseInt(revision, 10, 32)
	sum, err3 := hex.DecodeString(hash)
	at, err4 := strconv.ParseInt(recorded, 10, 64)
	if errors.Join(err1, err2, err3, err4) != nil || len(k) != len(key) || len(sum) != len(head.hash) || rev < 0 {
		return key, head, errors.New("heads: malformed line")
	}
	return headKey(k), streamHead{Revision(rev), Hash(sum), at}, nil
}
