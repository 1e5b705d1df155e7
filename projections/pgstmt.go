package projections

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// pgStmt is a statement with its arguments, in their binary form.
type pgStmt struct {
	conn   *pgConn
	sql    string
	types  []uint32 // 0: as PostgreSQL infers it
	values [][]byte
}

// binaryFormat of all arguments and all results.
var binaryFormat = []int16{1}

func (s *pgStmt) bind(param int, oid uint32, value []byte) error {
	for len(s.values) < param {
		s.values, s.types = append(s.values, nil), append(s.types, 0)
	}
	s.values[param-1], s.types[param-1] = value, oid
	return nil
}

// pgText is the text as PostgreSQL takes it, which knows no U+0000.
func pgText(s string) string { return strings.ReplaceAll(s, "\x00", "\uFFFD") }

func (s *pgStmt) BindText(p int, v string) error { return s.bind(p, pgtype.TextOID, []byte(pgText(v))) }
func (s *pgStmt) BindRawText(p int, v []byte) error {
	return s.BindText(p, string(v))
}
func (s *pgStmt) BindInt(p int, v int) error { return s.BindInt64(p, int64(v)) }
func (s *pgStmt) BindInt64(p int, v int64) error {
	return s.bind(p, pgtype.Int8OID, binary.BigEndian.AppendUint64(nil, uint64(v)))
}
func (s *pgStmt) BindBool(p int, v bool) error {
	b := byte(0)
	if v {
		b = 1
	}
	return s.bind(p, pgtype.BoolOID, []byte{b})
}
func (s *pgStmt) BindBlob(p int, v []byte) error {
	if v == nil {
		v = []byte{}
	}
	return s.bind(p, pgtype.ByteaOID, v)
}
func (s *pgStmt) BindNull(p int) error { return s.bind(p, 0, nil) }

// Exec stores something: with what else waits, in a transaction, or at once.
func (s *pgStmt) Exec() error {
	c := s.conn
	if !c.within {
		return c.again(func() error {
			d, err := c.described(s.sql, s.types)
			if err != nil {
				return err
			}
			_, err = c.c.ExecStatement(c.ctx, d, s.values, binaryFormat, binaryFormat).Close()
			return c.failed(err)
		})
	}
	if err := c.connected(); err != nil {
		return err
	}
	d, err := c.described(s.sql, s.types)
	if err != nil {
		return err
	}
	if c.queue == nil {
		c.queue = new(pgconn.Batch)
	}
	c.queue.ExecStatement(d, s.values, binaryFormat, binaryFormat)
	if c.waiting++; c.waiting >= queued {
		return c.flush()
	}
	return nil
}

// ask runs the statement and keeps the rows.
func (s *pgStmt) ask(rows *pgRows) error {
	c := s.conn
	d, err := c.described(s.sql, s.types)
	if err != nil {
		return err
	}
	found := c.c.ExecStatement(c.ctx, d, s.values, binaryFormat, binaryFormat)
	for found.NextRow() {
		rows.keep(found.Values())
	}
	for _, f := range found.FieldDescriptions() {
		rows.types = append(rows.types, f.DataTypeOID)
	}
	_, err = found.Close()
	return c.failed(err)
}

// pgRows are the rows that a statement found.
type pgRows struct {
	types []uint32
	cells []pgCell // of all rows
	bytes []byte
	row   []pgCell // that is looked at
	err   error
}

// pgCell is where a value lies among the bytes; from is -1 where there is none.
type pgCell struct{ from, to int }

func (r *pgRows) keep(values [][]byte) {
	for _, v := range values {
		cell := pgCell{-1, -1}
		if v != nil {
			cell = pgCell{len(r.bytes), len(r.bytes) + len(v)}
			r.bytes = append(r.bytes, v...)
		}
		r.cells = append(r.cells, cell)
	}
}

func (r *pgRows) next() bool {
	n := len(r.types)
	if n == 0 || len(r.cells) < n || r.err != nil {
		return false
	}
	r.row, r.cells = r.cells[:n], r.cells[n:]
	return true
}

func (r *pgRows) ColumnRawBlob(i int) []byte {
	if r.row[i].from < 0 {
		return nil
	}
	return r.bytes[r.row[i].from:r.row[i].to:r.row[i].to]
}
func (r *pgRows) ColumnRawText(i int) []byte          { return r.ColumnRawBlob(i) }
func (r *pgRows) ColumnText(i int) string             { return string(r.ColumnRawBlob(i)) }
func (r *pgRows) ColumnBlob(i int, buf []byte) []byte { return append(buf, r.ColumnRawBlob(i)...) }
func (r *pgRows) ColumnInt(i int) int                 { return int(r.ColumnInt64(i)) }
func (r *pgRows) ColumnBool(i int) bool               { return r.ColumnInt64(i) != 0 }

func (r *pgRows) ColumnInt64(i int) int64 {
	b := r.ColumnRawBlob(i)
	switch {
	case b == nil:
		return 0
	case r.types[i] == pgtype.Int8OID:
		return int64(binary.BigEndian.Uint64(b))
	case r.types[i] == pgtype.Int4OID:
		return int64(int32(binary.BigEndian.Uint32(b)))
	case r.types[i] == pgtype.BoolOID:
		return int64(b[0])
	}
	r.err = fmt.Errorf("ask the views: column %d is no number, but of the type %d", i, r.types[i])
	return 0
}
