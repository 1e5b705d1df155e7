package ledger

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Heads is where the streams of a ledger end, as a verification found them:
// with them a later one can go on from there. It keeps 64 bytes a stream,
// whatever the length of its name. It is for one goroutine at a time.
type Heads struct {
	at map[headKey]streamHead
}

// headKey stands for a stream's name: the first half of its SHA-256.
type headKey [sha256.Size / 2]byte

func headKeyOf(stream string) headKey {
	sum := sha256.Sum256([]byte(stream))
	return headKey(sum[:len(headKey{})])
}

// NewHeads returns the heads of a ledger without events.
func NewHeads() *Heads { return &Heads{at: map[headKey]streamHead{}} }

// Streams returns how many streams there are.
func (h *Heads) Streams() int { return len(h.at) }

// The text form: a line with the number of streams, and one for each.
const (
	headsLine = "heads "

	// headLine is the longest line of a stream.
	headLine = 2*len(headKey{}) + 1 + 10 + 1 + 2*sha256.Size + 1 + 20 + 1
)

// WriteTo writes the heads as lines of text, ordered by key, so that the same
// heads always give the same bytes.
func (h *Heads) WriteTo(w io.Writer) (int64, error) {
	keys := make([]headKey, 0, len(h.at))
	for k := range h.at {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b headKey) int { return bytes.Compare(a[:], b[:]) })
	out := &countingWriter{w: bufio.NewWriterSize(w, 64<<10)}
	fmt.Fprintf(out, "%s%d\n", headsLine, len(keys)) // an error is kept and told by Flush
	line := make([]byte, 0, headLine)
	for _, k := range keys {
		s := h.at[k]
		line = hex.AppendEncode(line[:0], k[:])
		line = append(strconv.AppendInt(append(line, ' '), int64(s.revision), 10), ' ')
		line = append(hex.AppendEncode(line, s.hash[:]), ' ')
		line = append(strconv.AppendInt(line, s.recorded, 10), '\n')
		out.Write(line)
	}
	return out.n, out.w.Flush()
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
	h := &Heads{at: make(map[headKey]streamHead, min(n, 1<<20))}
	for range n {
		line, err := readLine(r)
		if err != nil {
			return nil, err
		}
		key, head, err := parseHead(line)
		if err != nil {
			return nil, err
		}
		if _, twice := h.at[key]; twice {
			return nil, errors.New("heads: a stream stands there twice")
		}
		h.at[key] = head
	}
	return h, nil
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
