package projections

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// pgCopy streams rows into a table by binary COPY, on a connection of its own.
// It is a statement whose parameters are the columns.
type pgCopy struct {
	table  string
	values []pgValue
	rows   []byte
	stream chan []byte
	done   chan struct{} // closed when the stream has ended
	err    error         // set before done is closed
}

type pgValue struct {
	bytes []byte
	null  bool
}

// copyChunk is how much is handed on at once.
const copyChunk = 128 << 10

// copyInto begins to stream rows of the columns into the table.
func copyInto(ctx context.Context, c *pgConn, table string, columns []string) *pgCopy {
	x := &pgCopy{table: table, values: make([]pgValue, len(columns)), stream: make(chan []byte, 4), done: make(chan struct{})}
	// The header: a signature, and twice nothing.
	x.rows = append(make([]byte, 0, copyChunk+8<<10), "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
	sql := fmt.Sprintf("COPY %s (%s) FROM STDIN WITH (FORMAT binary, FREEZE)", table, strings.Join(columns, ", "))
	go func() {
		defer close(x.done)
		_, err := c.c.CopyFrom(ctx, &chunkReader{from: x.stream}, sql)
		x.err = c.failed(err)
	}()
	return x
}

func (x *pgCopy) bind(param int) *pgValue {
	v := &x.values[param-1]
	v.bytes, v.null = v.bytes[:0], false
	return v
}

func (x *pgCopy) BindText(p int, s string) error {
	v := x.bind(p)
	v.bytes = append(v.bytes, pgText(s)...)
	return nil
}
func (x *pgCopy) BindRawText(p int, b []byte) error { return x.BindText(p, string(b)) }
func (x *pgCopy) BindBlob(p int, b []byte) error {
	v := x.bind(p)
	v.bytes = append(v.bytes, b...)
	return nil
}
func (x *pgCopy) BindInt(p int, n int) error { return x.BindInt64(p, int64(n)) }
func (x *pgCopy) BindInt64(p int, n int64) error {
	v := x.bind(p)
	v.bytes = binary.BigEndian.AppendUint64(v.bytes, uint64(n))
	return nil
}
func (x *pgCopy) BindBool(p int, yes bool) error {
	v := x.bind(p)
	if v.bytes = append(v.bytes, 0); yes {
		v.bytes[0] = 1
	}
	return nil
}
func (x *pgCopy) BindNull(p int) error {
	x.bind(p).null = true
	return nil
}

// Exec adds the row.
func (x *pgCopy) Exec() error {
	b := binary.BigEndian.AppendUint16(x.rows, uint16(len(x.values)))
	for i := range x.values {
		v := &x.values[i]
		if v.null {
			b = binary.BigEndian.AppendUint32(b, 1<<32-1)
			continue
		}
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(v.bytes))), v.bytes...)
	}
	x.rows = b
	if len(b) < copyChunk {
		return nil
	}
	return x.send()
}

func (x *pgCopy) send() error {
	select {
	case x.stream <- x.rows:
		x.rows = make([]byte, 0, copyChunk+8<<10)
		return nil
	case <-x.done:
		return x.failed()
	}
}

func (x *pgCopy) failed() error {
	if x.err == nil {
		return nil
	}
	return fmt.Errorf("load the rows of %s: %w", x.table, x.err)
}

// finish ends the stream and waits until the table has taken all.
func (x *pgCopy) finish() error {
	x.rows = append(x.rows, 0xff, 0xff)
	err := x.send()
	close(x.stream)
	<-x.done
	if err == nil {
		err = x.failed()
	}
	return err
}

// chunkReader reads chunks as one stream.
type chunkReader struct {
	from <-chan []byte
	rest []byte
}

func (r *chunkReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		chunk, open := <-r.from
		if !open {
			return 0, io.EOF
		}
		r.rest = chunk
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
