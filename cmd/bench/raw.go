package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/ncruces/go-sqlite3"
)

// The names of the references.
const (
	rawSign   = "Ed25519 sign, 1 core"
	rawVerify = "Ed25519 verify by the standard library, all cores"
	rawSync   = "write 1 KiB and fsync"
)

func rawInsert(group int) string { return fmt.Sprintf("SQLite insert, %d a transaction", group) }

// rawBytes is the size of what raw references write: about a signed event.
const rawBytes = 1 << 10

// signAlone signs a real event's message over and over, in one goroutine.
func (s *suite) signAlone(message []byte) workload {
	return workload{rawSign, func(ctx context.Context) (sample, error) {
		return repeat(ctx, 1, s.burst(), func() error {
			ed25519.Sign(s.private, message)
			return nil
		})
	}}
}

// verifyAlone checks the signature of a real event's message, on all cores.
func (s *suite) verifyAlone(message []byte) workload {
	sig := ed25519.Sign(s.private, message)
	public := s.private.Public().(ed25519.PublicKey)
	return workload{rawVerify, func(ctx context.Context) (sample, error) {
		return repeat(ctx, runtime.GOMAXPROCS(0), s.burst(), func() error {
			if !ed25519.Verify(public, message, sig) {
				return errors.New("a right signature was refused")
			}
			return nil
		})
	}}
}

// syncAlone grows a file by 1 KiB and waits until it is on the disk.
func (s *suite) syncAlone() workload {
	return workload{rawSync, func(ctx context.Context) (_ sample, err error) {
		dir, err := s.folder("sync")
		if err != nil {
			return sample{}, err
		}
		f, err := os.Create(filepath.Join(dir, "raw"))
		if err != nil {
			return sample{}, err
		}
		defer func() { err = errors.Join(err, f.Close(), os.RemoveAll(dir)) }()
		block := make([]byte, rawBytes)
		return repeat(ctx, 1, s.burst(), func() error {
			if _, err := f.Write(block); err != nil {
				return err
			}
			return f.Sync()
		})
	}}
}

// insertAlone is what SQLite does alone: rows of an event's size, so many in
// a transaction, each transaction synced (WAL, synchronous=FULL).
func (s *suite) insertAlone(group int) workload {
	return workload{rawInsert(group), func(ctx context.Context) (_ sample, err error) {
		dir, err := s.folder("insert")
		if err != nil {
			return sample{}, err
		}
		conn, err := sqlite3.Open(filepath.Join(dir, "raw.db"))
		if err != nil {
			return sample{}, err
		}
		defer func() { err = errors.Join(err, conn.Close(), os.RemoveAll(dir)) }()
		if err := conn.Exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; " +
			"CREATE TABLE raw (id INTEGER PRIMARY KEY, envelope BLOB NOT NULL) STRICT"); err != nil {
			return sample{}, err
		}
		stmt, _, err := conn.Prepare("INSERT INTO raw (envelope) VALUES (?)")
		if err != nil {
			return sample{}, err
		}
		defer func() { err = errors.Join(err, stmt.Close()) }()
		block := make([]byte, rawBytes)
		got, err := repeat(ctx, 1, s.burst(), func() error { return insertGroup(conn, stmt, block, group) })
		got.rate *= float64(group) // rows, not transactions
		return got, err
	}}
}

func insertGroup(conn *sqlite3.Conn, stmt *sqlite3.Stmt, block []byte, rows int) error {
	tx, err := conn.BeginImmediate()
	if err != nil {
		return err
	}
	for range rows {
		if err := errors.Join(stmt.BindBlob(1, block), stmt.Exec()); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}
