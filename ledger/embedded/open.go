package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/folderlock"
)

const (
	// defaultReaders bounds how many reads touch the file at one moment. Each
	// open connection takes about 3 MB.
	defaultReaders = 4

	// nameCache and headCache bound how many streams are remembered, by
	// number for the readers and by name for the writer: about 2 MB each.
	nameCache = 16 << 10
	headCache = 16 << 10

	// queueLength bounds the appends that wait for the writer; further ones
	// wait in Append, where their context can still withdraw them.
	queueLength = 1024

	// pollEvery is how often a subscription of a read-only store looks for
	// what another process has written.
	pollEvery = 200 * time.Millisecond
)

// Options are the choices at Open. The zero value opens for writing.
type Options struct {
	// ReadOnly opens for reading, beside a running writer or without one.
	// Append then fails with ErrReadOnly.
	ReadOnly bool

	// MaxPages caps the file at that many pages of 4 KiB; an append past it
	// fails with ErrFull. 0 sets no cap.
	MaxPages int

	// Readers bounds the connections that read at one moment; 0 means 4.
	Readers int

	vfs string // a VFS registered by a test; empty means diskVFS
}

// Store is a ledger in one file. It implements [ledger.Store].
type Store struct {
	file    opener
	lock    *os.File // nil in a read-only store
	readers *pool
	names   *lru.Cache[int64, string] // stream names by number; never change

	queue   chan *request
	commits signal
	pages   atomic.Int64  // cap on the file in pages, 0 is none
	closing chan struct{} // closed by Close before anything else
	written chan struct{} // closed when the writer has ended

	writer    *writer // nil in a read-only store; closed by Close alone
	closeOnce sync.Once
	closeErr  error
}

var _ ledger.Store = (*Store)(nil)

// Open opens the ledger in dir. For writing, dir and an empty ledger are made
// when there is none; for reading, it must exist.
//
// It fails with ErrLocked (naming dir and the process) when another process
// writes there, with ErrReadOnly when dir cannot be written, with ErrFormat
// for the file of another program or a newer release, and with an
// *IntegrityError when the file is damaged or its last event is missing.
func Open(dir string, opts Options) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err == nil {
		dir, err = resolve(dir, opts.ReadOnly)
	}
	if err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	if opts.vfs == "" {
		registerDisk()
		opts.vfs = diskVFS
	}
	s := &Store{
		file:    opener{path: filepath.Join(dir, dataFile), vfs: opts.vfs},
		queue:   make(chan *request, queueLength),
		closing: make(chan struct{}),
		written: make(chan struct{}),
	}
	s.pages.Store(int64(opts.MaxPages))
	if opts.Readers <= 0 {
		opts.Readers = defaultReaders
	}
	if s.names, err = lru.New[int64, string](nameCache); err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	if opts.ReadOnly {
		err = s.openReader(opts)
	} else {
		err = s.openWriter(dir, opts)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// resolve follows symbolic links to the folder, making it for a writer. A
// folder that cannot be made counts as read-only.
func resolve(dir string, readOnly bool) (string, error) {
	if !readOnly {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", fmt.Errorf("%w: %w", ledger.ErrReadOnly, err)
		}
	}
	return filepath.EvalSymlinks(dir)
}

func (s *Store) openReader(opts Options) error {
	file, err := openForReading(s.file)
	if err != nil {
		return err
	}
	s.file = file
	close(s.written)
	s.readers = newPool(s.file, opts.Readers, s.closing)
	return s.check()
}

func (s *Store) openWriter(dir string, opts Options) (err error) {
	if s.lock, err = folderlock.Take(dir); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.lock.Close())
		}
	}()
	if _, err := os.Stat(s.file.path); errors.Is(err, fs.ErrNotExist) {
		if err := createFile(s.file); err != nil {
			return err
		}
	} else if err != nil {
		return fmt.Errorf("open the ledger: %w", err)
	}
	if err := s.check(); err != nil {
		return err
	}
	s.readers = newPool(s.file, opts.Readers, s.closing)
	if s.writer, err = newWriter(s); err != nil {
		return err
	}
	go s.writer.run()
	return nil
}

// check reads what tells a whole ledger from a damaged one at little cost:
// header, tables, triggers and the last event.
func (s *Store) check() error {
	conn, err := s.file.readable()
	if err != nil {
		return err
	}
	err = checkSchema(conn, s.file.path)
	if err == nil {
		err = checkLast(conn)
	}
	return errors.Join(err, closeConn(conn))
}

// Close ends all reads and writes and gives the data folder free. Appends
// that already wait are recorded first. Closing again does nothing and
// returns what the first Close returned.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		close(s.closing)
		<-s.written
		s.closeErr = s.readers.close()
		if s.writer != nil { // after the readers: see writer.close
			s.closeErr = errors.Join(s.closeErr, s.writer.close(), s.lock.Close())
		}
	})
	return s.closeErr
}

func (s *Store) closed() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}
